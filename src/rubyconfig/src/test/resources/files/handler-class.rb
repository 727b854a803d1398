require 'chef/handler'
class Report < Chef::Handler
  attr_accessor :path

  def report
    Chef::Log.info(run_status)
  end
end
handler = Report.new
handler.path = '/var/x'
report_handlers << handler
exception_handlers << Report.new
file_dir handler.path
