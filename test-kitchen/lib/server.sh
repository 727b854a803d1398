# shellcheck shell=bash disable=SC2154
# To be sourced by scenario.sh: what is done with the server's package wherever it is. A scenario says
#   service_directory   runit's, of the server
#   status_url          where the server answers anybody
#   settled_files       directories that a second reconfigure must not touch

# How long the API test suite may take, and how soon a server must be ready, on a busy machine.
suite_seconds=600
ready_milliseconds=30000
report=/var/tmp/kitchen-test.xml

# install_packages DIRECTORY: all three packages in it.
install_packages() {
  expect 'the packages are installed' dpkg -i "$1/opscode-push-jobs-server.deb" "$1/push-jobs-client.deb" \
    "$1/push-jobs-workstation.deb"
  run dpkg-query -W 'opscode-push-jobs-server' 'push-jobs-*' || fail 'dpkg knows them'
  present /usr/bin/opscode-push-jobs-server-ctl /usr/bin/pushy-client /usr/bin/pushjobs
}

# fingerprint: of all files that are to stay as they are, with owner, rights, time and content.
fingerprint() {
  find "${settled_files[@]}" \( -name supervise -o -name data \) -prune -o \( -type f -o -type l \) \
    -printf '%p %u %g %m %T@ %l\n' | LC_ALL=C sort | sha256sum | cut -c 1-16
}

# reconfigure_twice: with heartbeats each second, so that the rest goes quicker.
reconfigure_twice() {
  local before
  mkdir -p /etc/opscode-push-jobs-server
  echo "opscode_pushy_server['heartbeat_interval'] = 1000" \
    >/etc/opscode-push-jobs-server/opscode-push-jobs-server.rb
  says 'a dry run' 'would change something' opscode-push-jobs-server-ctl reconfigure --dry-run
  says 'reconfigure' 'opscode-push-jobs-server Reconfigured!' opscode-push-jobs-server-ctl reconfigure
  before=$(fingerprint)
  says 'a second reconfigure' 'Nothing had to be changed.' opscode-push-jobs-server-ctl reconfigure
  same 'the files' "$before" "$(fingerprint)"
}

is_ready() {
  [ "$(curl -sS -o /dev/null -w '%{http_code}' --max-time 5 "${curl_options[@]}" "$status_url")" = 200 ]
}

# until_ready BEGAN: BEGAN is the time in milliseconds at which it was told to start.
until_ready() {
  local took
  wait_for 'the server answers' is_ready
  took=$(($(date +%s%3N) - $1))
  printf '   it took %d ms\n' "$took"
  [ "$took" -lt "$ready_milliseconds" ] || fail "the server needs $took ms"
}

server_pid() {
  cat "$service_directory/supervise/pid"
}

server_status() {
  says 'status' 'run: opscode-pushy-server' opscode-push-jobs-server-ctl status
  says 'service-list' 'opscode-pushy-server*' opscode-push-jobs-server-ctl service-list
}

# test_suite ARGUMENT...: the API tests of the package against what is configured here, over its public address.
test_suite() {
  rm -f "$report"
  command_seconds=$suite_seconds expect 'the API test suite' opscode-push-jobs-server-ctl test -J "$report" "$@"
  present "$report"
  if [ -e "$report" ]; then
    grep -o '<testsuite [^>]*>' "$report" | sed 's/^/     /' || fail 'the report is no JUnit report'
    rm -f "$report"
  fi
}

# restart_by COMMAND...: the service is another process then, and ready soon.
restart_by() {
  local before began
  before=$(server_pid)
  began=$(date +%s%3N)
  says 'the restart' 'ok: run: opscode-pushy-server' "$@"
  differs "the server's process" "$before" "$(server_pid)"
  until_ready "$began"
}

# rotate_keys: agents know the server by other keys then, without being restarted.
rotate_keys() {
  local server agent keys_before began
  server=$(server_pid)
  agent=$(agent_pid)
  keys_before=$(server_keys)
  began=$(date +%s%3N)
  says 'rotate-keys' 'has new keys.' opscode-push-jobs-server-ctl rotate-keys
  differs "the server's keys" "$keys_before" "$(server_keys)"
  differs "the server's process" "$server" "$(server_pid)"
  until_ready "$began"
  begin_job
  end_job
  same "the agent's process" "$agent" "$(agent_pid)"
  says 'a reconfigure after that' 'Nothing had to be changed.' opscode-push-jobs-server-ctl reconfigure
}

# server_keys: those that the server reads, as a fingerprint.
server_keys() {
  sha256sum /var/opt/opscode-push-jobs-server/opscode-pushy-server/secrets.json | cut -c 1-16
}

# upgrade_with_a_job: what runs goes on, and the job survives even the server's restart.
upgrade_with_a_job() {
  local server agent began
  begin_job
  server=$(server_pid)
  agent=$(agent_pid)
  install_packages /packages/present
  same "the server's process" "$server" "$(server_pid)"
  same "the agent's process" "$agent" "$(agent_pid)"
  says 'the job goes on' 'running' pushjobs job status "$job"
  began=$(date +%s%3N)
  says 'reconfigure after the upgrade' 'opscode-push-jobs-server Reconfigured!' opscode-push-jobs-server-ctl reconfigure
  differs "the server's process" "$server" "$(server_pid)"
  until_ready "$began"
  end_job
  expect 'the agent is restarted' "$agent_service" -a restart
  differs "the agent's process" "$agent" "$(agent_pid)"
  begin_job
  end_job
}

# remove_server PATH...: those go with the package; configuration and logs stay.
remove_server() {
  local pid
  pid=$(server_pid)
  expect 'the server is removed' dpkg -r opscode-push-jobs-server
  wait_for 'its process has ended' process_has_ended "$pid"
  absent "$@" /usr/bin/opscode-push-jobs-server-ctl
  present /etc/opscode-push-jobs-server /var/opt/opscode-push-jobs-server
}

process_has_ended() {
  [ ! -d "/proc/$1" ]
}

purge_server() {
  expect 'the server is purged' dpkg -P opscode-push-jobs-server
  absent /etc/opscode-push-jobs-server /var/opt/opscode-push-jobs-server /opt/opscode-push-jobs-server
}
