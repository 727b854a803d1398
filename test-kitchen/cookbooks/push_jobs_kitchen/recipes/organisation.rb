# frozen_string_literal: true

# An organisation, its administrator and a node in the server's own directory; then the agent of this machine is that node.

settings = node['push_jobs_server']
organisation = settings['organisation']
keys = '/root/push-jobs-keys'
ctl = 'opscode-push-jobs-server-ctl'

directory keys do
  owner 'root'
  mode '0700'
end

execute 'an organisation' do
  command "#{ctl} org create #{organisation}"
  not_if "#{ctl} org list | grep -qw #{organisation}"
end

execute 'its administrator' do
  command "#{ctl} user create #{settings['administrator']} --org #{organisation} --admin " \
          "--key-out #{keys}/#{settings['administrator']}.pem"
  creates "#{keys}/#{settings['administrator']}.pem"
end

execute 'its node' do
  command "#{ctl} client create #{organisation} #{settings['node']} --key-out #{keys}/#{settings['node']}.pem"
  creates "#{keys}/#{settings['node']}.pem"
end

directory '/etc/chef' do
  mode '0755'
end

file '/etc/chef/client.pem' do
  content(lazy { File.read("#{keys}/#{settings['node']}.pem") })
  owner 'root'
  group 'root'
  mode '0600'
  sensitive true
end

node.default['push_jobs']['chef']['chef_server_url'] = "http://#{node['fqdn']}:10003/organizations/#{organisation}"
node.default['push_jobs']['chef']['node_name'] = settings['node']

workstation_package = newest_package('push-jobs-workstation')

if platform_family?('debian')
  dpkg_package 'push-jobs-workstation' do
    source workstation_package
  end
else
  rpm_package 'push-jobs-workstation' do
    source workstation_package
  end
end
