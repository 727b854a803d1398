# What the evaluator's cache is made with: a file that uses what configuration files use.
require 'time'
current_dir = File.dirname(__FILE__)
chef_server_url 'https://chef.example.com/organizations/acme'
node_name "node-#{ENV['HOSTNAME'] || 'sample'}"
client_key File.join(current_dir, 'client.pem')
ssl_verify_mode :verify_peer
log_location STDOUT
report_handlers << Chef::Handler::JsonFile.new(path: '/var/chef/reports')
file_cache_path '/tmp/chef' unless ChefUtils.windows?
Ohai::Config[:plugin_path] << File.expand_path('~/plugins')
Chef::Config[:file_dir] = '/tmp/chef-push'
knife[:editor] = 'vi'
allowed_overwritable_env_vars %w[LANG LC_ALL]
whitelist({
  'chef-client' => 'chef-client',
  /^converge (?<role>\w+)$/i => { command_line: 'chef-client -o "role[\k<role>]"', lock: true }
})
Dir.glob(File.join(current_dir, 'conf.d', '*.rb')).sort.each { |file| from_file file }
