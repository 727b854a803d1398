# Written by a cookbook
chef_server_url "https://chef.example.com/organizations/acme"
ENV.keys.select { |name| name.start_with?('ZZ_NOT_THERE') }.each { |name| ENV.delete(name) }
data_collector.server_url "https://automate.example.com/data-collector/v0/"
data_collector.token "abc"
ohai.disabled_plugins = [:Passwd]
ohai.plugin_path << "/etc/chef/ohai/more"
require 'chef/handler/json_file'
report_handlers << Chef::Handler::JsonFile.new(path: "/var/chef/reports")
Dir.glob(File.join("/etc/chef/none.d", "*.rb")).sort.each { |conf| Chef::Config.from_file(conf) }
