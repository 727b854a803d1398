# frozen_string_literal: true

# An organisation, its administrator and a node in the server's own directory; then the agent of this machine is that node.

settings = node['push_jobs_server']
organisation = settings['organisation']
configuration = '/var/opt/opscode-push-jobs-server/opscode-pushy-server/server.json'
keys = '/var/opt/opscode-push-jobs-server/kitchen-keys'
program = '/opt/opscode-push-jobs-server/bin/pushjobs-server'

directory keys do
  owner settings['user']
  mode '0700'
end

{
  "org-create #{organisation}" => "#{keys}/.organisation",
  "user-create #{settings['administrator']} --org #{organisation} --admin " \
  "--key-out #{keys}/#{settings['administrator']}.pem" => "#{keys}/#{settings['administrator']}.pem",
  "client-create #{organisation} #{settings['node']} --key-out #{keys}/#{settings['node']}.pem" =>
    "#{keys}/#{settings['node']}.pem",
}.each do |words, made|
  execute "directory #{words}" do
    command "#{program} --config #{configuration} directory #{words} && touch #{made}"
    user settings['user']
    environment 'HOME' => '/var/opt/opscode-push-jobs-server/opscode-pushy-server'
    creates made
  end
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
