# shellcheck shell=bash disable=SC2034,SC2154
# To be sourced by scenario.sh: the units on a machine with systemd. Systemd cannot run in a copy of a system; its own checker
# looks at the units, and a stand-in for systemctl starts what they say, as whom they say, and keeps a list of what it was told.

unit=/etc/systemd/system/opscode-pushy-server.service
agent_unit=/usr/lib/systemd/system/chef-push-jobs-client.service
status_url=http://$machine:10003/pushy/_status
curl_options=()
settled_files=(/etc/opscode-push-jobs-server /var/opt/opscode-push-jobs-server /etc/systemd/system)
server_user=opscode-push-jobs
told=/run/systemctl/told

# stand_in: in the place of systemctl.
stand_in() {
  mkdir -p /run/systemd/system /run/systemctl
  mv /usr/bin/systemctl /run/systemctl/real
  install -m 755 "$here/systemctl" /usr/bin/systemctl
}

no_stand_in() {
  rm -rf /usr/bin/systemctl /run/systemd/system
  mv /run/systemctl/real /usr/bin/systemctl
}

server_pid() {
  cat /run/systemctl/opscode-pushy-server.service.pid
}

# was_told WORDS: systemctl was.
was_told() {
  says "systemctl is told: $1" "$1" cat "$told"
  : >"$told"
}

run_scenario() {
  local pid
  stand_in
  remember
  step 'install'
  install_packages /packages/present
  absent /etc/systemd/system/multi-user.target.wants/chef-push-jobs-client.service
  # Of keys that it does not know it only speaks.
  silent 'systemd finds nothing wrong with the unit of the agent' systemd-analyze verify --man=no "$agent_unit"
  : >"$told"
  step 'reconfigure twice'
  reconfigure_twice
  was_told 'start opscode-pushy-server.service'
  run cat "$unit"
  silent 'systemd finds nothing wrong with the unit of the server' systemd-analyze verify --man=no "$unit"
  present /etc/systemd/system/multi-user.target.wants/opscode-pushy-server.service
  wait_for 'the server answers' is_ready
  same 'the user of the server' "$server_user" "$(stat -c %U "/proc/$(server_pid)")"
  expect 'status' opscode-push-jobs-server-ctl status
  step 'a setting changes'
  pid=$(server_pid)
  echo "opscode_pushy_server['heartbeat_interval'] = 2000" \
    >/etc/opscode-push-jobs-server/opscode-push-jobs-server.rb
  says 'reconfigure' 'Reconfigured!' opscode-push-jobs-server-ctl reconfigure
  was_told 'restart opscode-pushy-server.service'
  differs "the server's process" "$pid" "$(server_pid)"
  wait_for 'the server answers' is_ready
  step 'remove'
  pid=$(server_pid)
  expect 'the server is removed' dpkg -r opscode-push-jobs-server
  was_told 'disable --now opscode-pushy-server.service'
  wait_for 'its process has ended' process_has_ended "$pid"
  absent "$unit" /etc/systemd/system/multi-user.target.wants/opscode-pushy-server.service
  step 'purge'
  purge_server
  expect 'the agent and the commands are purged' dpkg -P push-jobs-client push-jobs-workstation
  step 'the end'
  no_stand_in
  nothing_left 'all of it'
}
