$LOAD_PATH.unshift File.join(File.dirname(__FILE__), 'lib')
require 'mail_report'
report_handlers << Acme::MailReport.new(to: 'a@example.com')
node_name "#{Acme::SITE}-1"
http Net::HTTP.name
