# The configuration of the agent of Push Jobs, an example: change it and put it into /etc/chef/push-jobs-client.rb, which only
# root may write to. Before it counts,
#   push-jobs-client -c /etc/chef/push-jobs-client.rb --check-config
# says what the agent makes of it.

# The server and the organisation.
chef_server_url 'https://chef.example.com/organizations/acme'

# This node, as the server knows it, and its private key (mode 0600).
node_name  'web-1.example.com'
client_key '/etc/chef/client.pem'

# For files of jobs and for output that is not sent yet: a directory that nobody but root may write to.
file_dir '/var/cache/push-jobs-client'

# What jobs may run here: nothing else is started. With a regular expression, anchored, parts of the job's command can be used.
whitelist({
  'chef-client' => 'chef-client',
  # 'restart web' => 'systemctl restart nginx',
  # /\Aconverge (\w+)\z/ => { command_line: 'chef-client -o "role[\1]"', lock: true },
})

# The variables that a job may set for its command; others reach it as CHEF_PUSH_ENV_<name>.
allowed_overwritable_env_vars []
