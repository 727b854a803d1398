log_location Chef::Log::Syslog.new('chef-client', ::Syslog::LOG_DAEMON)
facility Syslog::LOG_LOCAL7
