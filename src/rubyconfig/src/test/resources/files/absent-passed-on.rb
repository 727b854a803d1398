log_location Chef::Log::Syslog.new('chef-client', 24)
node_name 'a'
