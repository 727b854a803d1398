include ChefUtils
file_dir(windows? ? 'C:/push' : '/push')
log_level :warn if ChefUtils::OS.windows?
class Paths
  include ChefUtils::DSL::Platform
  def logs
    linux? ? '/var/log' : 'logs'
  end
end
logs Paths.new.logs
old ChefUtils.rhel6?
