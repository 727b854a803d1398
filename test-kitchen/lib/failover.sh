# shellcheck shell=bash disable=SC2034,SC2154
# To be sourced by scenario.sh: a Chef server of two backends, of which keepalived chooses the one that works. The machine is the
# backend that makes the keys at first, and the package is removed while the failover still names its service; then it is the other
# backend, which has to get the keys.

# shellcheck source=test-kitchen/lib/chef-server.sh
. "$here/chef-server.sh"

keepalived=/var/opt/opscode/keepalived
secrets=/etc/opscode/private-chef-secrets.json
definition=/opt/opscode/sv/$service
settled_files=(/etc/opscode /opt/opscode/sv /opt/opscode/service /opt/opscode/init /var/opt/opscode/nginx/etc)

# backend BOOTSTRAP OTHER_BOOTSTRAP STATUS: this machine is one, in the Chef server's words.
backend() {
  running_file
  sed -i -e 's/"topology": "standalone"/"topology": "ha"/' \
    -e "s|^    \"install_path\"|    \"backend_vips\": {\"ipaddress\": \"127.0.0.1\"},\n    \"servers\": {\n\
      \"$machine\": {\"role\": \"backend\", \"bootstrap\": $1, \"ipaddress\": \"127.0.1.1\"},\n\
      \"other.example.com\": {\"role\": \"backend\", \"bootstrap\": $2, \"ipaddress\": \"127.0.1.2\"}\n    },\n&|" \
    /etc/opscode/chef-server-running.json
  mkdir -p "$keepalived/bin"
  echo "$3" >"$keepalived/current_cluster_status"
}

# chef_server_reconfigures: what of "chef-server-ctl reconfigure" concerns an add-on: cluster.sh names each service that has the mark,
# and gives up when one of them cannot be started or killed, as chef-server-ctl does that.
chef_server_reconfigures() {
  local services
  services=$(find /opt/opscode/sv -name keepalive_me -printf '%h\n' | xargs -r -n 1 basename | sort | tr '\n' ' ')
  cat >"$keepalived/bin/cluster.sh" <<SH
#!/bin/bash
export SVDIR=/opt/opscode/service SVWAIT=30
for service in $services; do
  case \$1 in
    master) /opt/opscode/init/\$service start || { echo "Cannot start \$service" && exit 1; } ;;
    backup)
      [ -L /opt/opscode/service/\$service ] && [ -s /opt/opscode/sv/\$service/supervise/pid ] &&
        group=\$(ps -o pgrp= -p "\$(cat /opt/opscode/sv/\$service/supervise/pid)") &&
        /opt/opscode/init/\$service stop || { echo "Cannot kill \$service" && exit 1; }
      ! pkill -9 -g "\${group// /}" || echo "stuck processes of \$service were killed"
      ;;
  esac
done
echo \$1 >$keepalived/current_cluster_status
SH
  chmod 755 "$keepalived/bin/cluster.sh"
  run cat "$keepalived/bin/cluster.sh"
}

transition() {
  "$keepalived/bin/cluster.sh" "$1"
}

is_not_ready() {
  ! is_ready
}

# fails_over: both ways, with the server.
fails_over() {
  expect 'the other backend takes over' transition backup
  wait_for 'the server is stopped' is_not_ready
  refuse 'status of what is stopped' opscode-push-jobs-server-ctl status
  expect 'this backend takes over' transition master
  wait_for 'the server answers' is_ready
}

# fails_over_without_us: the Chef server must be able to, whatever has become of our package.
fails_over_without_us() {
  expect 'the other backend takes over' transition backup
  expect 'this backend takes over' transition master
}

# remove_under_failover: the service's name goes on to exist until no backend's failover names it.
remove_under_failover() {
  local pid
  pid=$(server_pid)
  says 'uninstall refuses' 'stand-in' refused opscode-push-jobs-server-ctl uninstall
  says 'the server is removed' "Run 'chef-server-ctl reconfigure' on each back end" dpkg -r opscode-push-jobs-server
  wait_for 'its process has ended' process_has_ended "$pid"
  absent /opt/opscode-push-jobs-server /var/opt/opscode/nginx/etc/addon.d/10-push_jobs_upstreams.conf \
    /var/opt/opscode/nginx/etc/addon.d/10-push_jobs_external.conf "$definition/keepalive_me"
  wait_for 'the Chef server answers in its place' chef_server_answers
  fails_over_without_us
  expect 'the server is purged while the failover names it' dpkg -P opscode-push-jobs-server
  fails_over_without_us
  chef_server_reconfigures
  expect 'the stand-in is removed' "$definition/leave-chef-server"
  absent "$definition" "$service_directory" "/opt/opscode/init/$service"
  fails_over_without_us
}

# reconfigured: no service of keepalived's starts by itself, but on its master.
reconfigured() {
  says 'reconfigure' 'opscode-push-jobs-server Reconfigured!' opscode-push-jobs-server-ctl reconfigure
  present "$definition/keepalive_me" "$definition/down"
}

run_scenario() {
  step 'a Chef server with failover'
  chef_server
  backend true false master
  cp -p "$secrets" "$keys/secrets.chef"
  chef_server_reconfigures
  step 'install'
  remember
  install_packages /packages/present
  step 'the backend that makes the keys'
  reconfigured
  wait_for 'the server answers' is_ready
  cp -p "$secrets" "$keys/secrets.first"
  chef_server_reconfigures
  fails_over
  step 'remove while the failover names the service'
  remove_under_failover
  step 'the other backend, without keys'
  cp -p "$keys/secrets.chef" "$secrets"
  backend false true backup
  expect 'the server is installed' dpkg -i /packages/present/opscode-push-jobs-server.deb
  before=$(fingerprint)
  says 'reconfigure makes no keys' "Run opscode-push-jobs-server-ctl reconfigure on other.example.com, then copy $secrets" \
    refused opscode-push-jobs-server-ctl reconfigure
  same 'the files' "$before" "$(fingerprint)"
  step 'the other backend, with the keys of the first'
  cp -p "$keys/secrets.first" "$secrets"
  reconfigured
  expect 'the keys are those of the first' cmp "$keys/secrets.first" "$secrets"
  refuse 'status of what waits for its turn' opscode-push-jobs-server-ctl status
  says 'a second reconfigure' 'Nothing had to be changed.' opscode-push-jobs-server-ctl reconfigure
  chef_server_reconfigures
  expect 'this backend takes over' transition master
  wait_for 'the server answers' is_ready
  fails_over
  step 'remove while the failover names the service, again'
  remove_under_failover
  step 'the end'
  expect 'the agent and the commands are purged' dpkg -P push-jobs-client push-jobs-workstation
  stop_everything
  rm -rf /opt/opscode /etc/opscode /var/opt/opscode /var/log/opscode
  nothing_left 'all of it'
}
