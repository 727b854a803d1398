# shellcheck shell=bash disable=SC2154
# To be sourced by scenario.sh: a node, web-1, whose agent is a service of runit, and a job of its administrator, alice.
#   start_node URL KEY [CERTIFICATE]       alice's words for the workstation commands must be set
#   begin_job, end_job                     a job that runs until end_job lets it

node_directory=/var/tmp/kitchen-node
agent_service=/opt/push-jobs-client/bin/pushy-service-manager

# start_node URL KEY [CERTIFICATE]: configures it and has it supervised.
start_node() {
  mkdir -p /etc/chef/trusted_certs "$node_directory"
  install -m 600 "$2" /etc/chef/client.pem
  [ -z "${3:-}" ] || cp "$3" /etc/chef/trusted_certs/kitchen.crt
  cat >/etc/chef/push-jobs-client.rb <<RUBY
chef_server_url '$1'
node_name ['web', 1].join('-')
client_key '/etc/chef/client.pem'
trusted_certs_dir '/etc/chef/trusted_certs'
file_dir '/var/cache/push-jobs-client'
whitelist({ 'hold' => '/bin/sh $node_directory/hold' })
RUBY
  # Ends when it may, and by itself after two minutes.
  cat >"$node_directory/hold" <<'SH'
cd /var/tmp/kitchen-node
: >began
for _ in $(seq 1200); do
  [ ! -e go ] || exit 0
  sleep 0.1
done
exit 1
SH
  expect 'the agent takes its configuration' pushy-client -c /etc/chef/push-jobs-client.rb --check-config
  rm -rf /etc/service
  supervise /etc/service
  expect 'the agent becomes a service' "$agent_service" -a install
  wait_for 'the agent runs' "$agent_service" -a status
  wait_for 'the node is available' node_is_available
  run pushjobs node status || true
}

node_is_available() {
  pushjobs node status | grep -w available
}

agent_pid() {
  cat /etc/service/chef-push-jobs-client/supervise/pid
}

# begin_job: a server that was just started does not know yet whether the node is there.
begin_job() {
  wait_for 'the node is available' node_is_available
  rm -f "$node_directory/began" "$node_directory/go"
  says 'the job starts' 'Started.' pushjobs job start --nowait hold web-1
  job=$(grep -o '[0-9a-f]\{32\}' <<<"$output" | head -n 1 || true)
  wait_for 'the command runs' test -e "$node_directory/began"
}

end_job() {
  : >"$node_directory/go"
  wait_for 'the job ends' job_has_ended
  says 'the job is complete' 'succeeded: web-1' pushjobs job status "$job"
}

job_has_ended() {
  pushjobs job status "$job" | grep 'status: *complete'
}

stop_node() {
  expect 'the agent stops' "$agent_service" -a stop
  expect 'the agent is removed' dpkg -r push-jobs-client
  present /etc/chef/push-jobs-client.rb /etc/chef/client.pem
  expect 'the agent is purged' dpkg -P push-jobs-client
  absent /opt/push-jobs-client /var/cache/push-jobs-client /var/log/push-jobs-client /usr/bin/pushy-client
  expect 'the commands are purged' dpkg -P push-jobs-workstation
  absent /opt/push-jobs-workstation /usr/bin/pushjobs
  rm -rf /etc/chef "$node_directory"
}
