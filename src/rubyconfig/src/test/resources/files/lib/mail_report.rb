require 'chef/handler'
require 'net/smtp'

module Acme
  SITE = 'north'.freeze

  class MailReport < ::Chef::Handler
    def initialize(to:)
      @to = to
    end

    def report
      Net::SMTP.start('localhost') { |smtp| smtp.send_message('', '', @to) } if run_status.failed?
    end
  end
end
