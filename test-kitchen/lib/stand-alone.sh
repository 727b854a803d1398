# shellcheck shell=bash disable=SC2034,SC2154
# To be sourced by scenario.sh: the packages on a machine without a Chef server and without systemd. The server has a database of
# its own, and is a service of runit in the package's directory.

service=opscode-pushy-server
home=/opt/opscode-push-jobs-server
service_directory=$home/service/$service
status_url=http://$machine:10003/pushy/_status
curl_options=()
settled_files=(/etc/opscode-push-jobs-server /var/opt/opscode-push-jobs-server "$home/sv" "$home/service" "$home/init")
server_user=opscode-push-jobs
keys=/var/tmp/kitchen-keys

# of_readme TITLE: the commands below that title in the README.
of_readme() {
  sed -n "/^\*\*$1\*\*/,/^\*\*\|^#/{s/^    //p}" /packages/README.md
}

# organisation: with an administrator and a node, whose keys are in $keys; by the README's own commands.
organisation() {
  local command commands
  mkdir -m 700 "$keys"
  mapfile -t commands < <(of_readme Stand-alone | grep ' create ')
  for command in "${commands[@]}"; do
    expect "README: $command" env -C "$keys" bash -c "$command"
  done
  present "$keys/alice.pem" "$keys/web-1.pem"
  export PUSHJOBS_SERVER_URL=http://$machine:10003/organizations/acme PUSHJOBS_USER=alice PUSHJOBS_KEY=$keys/alice.pem
}

run_scenario() {
  step 'install'
  remember
  install_packages /packages/previous
  expect 'there is a user for the server' getent passwd "$server_user"
  step 'reconfigure twice'
  # The supervisor of this machine; where there is systemd it is not needed.
  supervise "$home/service"
  reconfigure_twice
  wait_for 'the server answers' is_ready
  server_status
  step 'an organisation and a node'
  organisation
  start_node "$PUSHJOBS_SERVER_URL" "$keys/web-1.pem"
  step 'test'
  test_suite
  step 'restart'
  restart_by opscode-push-jobs-server-ctl restart
  step 'new keys'
  rotate_keys
  step 'upgrade with a job'
  upgrade_with_a_job
  step 'test after the upgrade'
  test_suite --all
  step 'remove'
  stop_node
  remove_server
  step 'purge'
  purge_server
  step 'the end'
  stop_everything
  rm -rf /etc/service "$keys"
  nothing_left 'all of it'
}
