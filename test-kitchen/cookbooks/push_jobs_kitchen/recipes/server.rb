# frozen_string_literal: true

# The server: beside a Chef server where there is one, else with a database of its own.

server_package = node['push_jobs_server']['local_package_path'] || newest_package('opscode-push-jobs-server')

if platform_family?('debian')
  dpkg_package 'opscode-push-jobs-server' do
    source server_package
  end
else
  rpm_package 'opscode-push-jobs-server' do
    source server_package
  end
end

directory '/etc/opscode-push-jobs-server' do
  owner 'root'
  group 'root'
  mode '0775'
end

template '/etc/opscode-push-jobs-server/opscode-push-jobs-server.rb' do
  source 'opscode-push-jobs-server.rb.erb'
  owner 'root'
  group 'root'
  mode '0644'
  variables(settings: node['push_jobs_server']['settings'])
  notifies :run, 'execute[reconfigure]', :immediately
end

# It says what it changes; when there is nothing to change, Chef need not run it.
execute 'reconfigure' do
  command 'opscode-push-jobs-server-ctl reconfigure'
  timeout 300
  not_if 'opscode-push-jobs-server-ctl reconfigure --dry-run | grep -qx "Nothing would change."'
end

execute 'the server is ready' do
  command 'for i in $(seq 60); do curl -sSf http://127.0.0.1:10004/health/ready && exit 0; sleep 1; done; exit 1'
  not_if 'curl -sSf http://127.0.0.1:10004/health/ready'
end
