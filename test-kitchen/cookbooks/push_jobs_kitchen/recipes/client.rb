# frozen_string_literal: true

# The agent, as the push-jobs cookbook sets it up: its package, /etc/chef/push-jobs-client.rb, its service.

settings = node['push_jobs']
raise "node['push_jobs']['whitelist'] must be a Hash" unless settings['whitelist'].is_a?(Hash)

client_package = settings['local_package_path']
if settings['package_url']
  client_package = File.join(Chef::Config[:file_cache_path], File.basename(settings['package_url']))
  remote_file client_package do
    source settings['package_url']
    checksum settings['package_checksum'] if settings['package_checksum']
  end
end
client_package ||= newest_package('push-jobs-client')

if platform_family?('debian')
  dpkg_package 'push-jobs-client' do
    source client_package
  end
else
  rpm_package 'push-jobs-client' do
    source client_package
  end
end

['/etc/chef', settings['chef']['trusted_certs_path']].each do |path|
  directory path do
    owner 'root'
    group 'root'
    mode '0755'
    recursive true
  end
end

# A node that is to wait for its server only needs some key.
execute 'a key for the node' do
  command "umask 077 && openssl genrsa -out #{settings['chef']['client_key_path']} 2048"
  creates settings['chef']['client_key_path']
end

template '/etc/chef/push-jobs-client.rb' do
  source 'push-jobs-client.rb.erb'
  owner 'root'
  group 'root'
  mode '0644'
  variables(lazy { { settings: node['push_jobs'] } })
  verify '/opt/push-jobs-client/bin/pushy-client -c %{path} --check-config'
  notifies :restart, "service[#{settings['service_name']}]"
end

service settings['service_name'] do
  action %i(enable start)
end
