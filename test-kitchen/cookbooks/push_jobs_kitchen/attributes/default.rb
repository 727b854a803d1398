# frozen_string_literal: true

# The agent's attributes have the names and defaults of the push-jobs cookbook.

# Where the packages are, of which the newest is taken; package_url and local_package_path name one.
default['push_jobs']['packages_directory'] = '/var/push-jobs-packages'
default['push_jobs']['package_url'] = nil
default['push_jobs']['package_checksum'] = nil
default['push_jobs']['local_package_path'] = nil

default['push_jobs']['whitelist'] = { 'chef-client' => 'chef-client' }
default['push_jobs']['environment_variables'] = { 'LC_ALL' => 'C.UTF-8' }
default['push_jobs']['allow_unencrypted'] = false
default['push_jobs']['logging_level'] = 'info'
default['push_jobs']['service_name'] = 'chef-push-jobs-client'

default['push_jobs']['chef']['chef_server_url'] = nil
default['push_jobs']['chef']['node_name'] = nil
default['push_jobs']['chef']['client_key_path'] = '/etc/chef/client.pem'
default['push_jobs']['chef']['trusted_certs_path'] = '/etc/chef/trusted_certs'
default['push_jobs']['chef']['verify_api_cert'] = true
default['push_jobs']['chef']['ssl_verify_mode'] = :verify_peer

default['push_jobs']['proxy']['http']['url'] = nil
default['push_jobs']['proxy']['https']['url'] = nil
default['push_jobs']['no_proxy'] = nil

# The server's: what opscode-push-jobs-server.rb sets, by its objects. A heartbeat each second has nodes available sooner.
default['push_jobs_server']['settings']['opscode_pushy_server']['heartbeat_interval'] = 1000
default['push_jobs_server']['local_package_path'] = nil

# What the recipe "organisation" makes in the server's own directory.
default['push_jobs_server']['organisation'] = 'acme'
default['push_jobs_server']['administrator'] = 'alice'
default['push_jobs_server']['node'] = 'web-1'
