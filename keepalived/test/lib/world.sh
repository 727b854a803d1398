# shellcheck shell=bash disable=SC2154
# To be sourced by rounds.sh: the machines, what runs on them, and how they stand.
#   on MACHINE COMMAND...       runs it there, by the machine's network
#   inside BACKEND COMMAND...   runs it there, among the backend's own processes and files
#   wait_for SECONDS NAME COMMAND...
#   pause SECONDS               a signal ends it

declare -A backend_pid=()
organisation=acme
real_agents=5
others=30
command=slow:10
postgres_bin=$(dirname "$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | tail -n 1)")

fail() {
  echo "FAILED: $*; logs are in target/failover/last" >&2
  exit 1
}

wait_for() {
  local deadline=$((SECONDS + $1)) name=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    pause 0.2
  done
  echo "  $name"
}

pause() {
  sleep "$1" &
  wait $!
}

require() {
  wait_for "$@" || fail "$2: does not come true in $1 s"
}

on() {
  local machine=$1
  shift
  ip netns exec "$machine" "$@"
}

inside() {
  local backend=$1
  shift
  nsenter --target "${backend_pid[$backend]}" --root --wd --mount --uts --net --pid -- "$@"
}

network() {
  local machine
  mkdir -p /run/netns
  ip link set lo up
  ip link add switch type bridge
  ip link set switch up
  for machine in "${machines[@]}"; do
    ip netns add "$machine"
    ip link add "$machine" type veth peer name eth0 netns "$machine"
    ip link set "$machine" master switch up
    ip -n "$machine" link set lo up
    ip -n "$machine" address add "${address_of[$machine]}/24" dev eth0
    ip -n "$machine" link set eth0 up
  done
}

postgres() {
  on db setpriv --reuid postgres --regid postgres --clear-groups "$postgres_bin/pg_ctl" -D /state/postgres -w -t 30 \
    -l /results/last/postgres.log "$@" >/dev/null
}

database() {
  local as_postgres=(setpriv --reuid postgres --regid postgres --clear-groups)
  mkdir /state/postgres
  chown postgres: /state/postgres
  : >/results/last/postgres.log
  chown postgres: /results/last/postgres.log
  "${as_postgres[@]}" "$postgres_bin/initdb" -D /state/postgres --auth=trust --encoding=UTF8 --locale=C >/dev/null
  printf '%s\n' "listen_addresses = '*'" "unix_socket_directories = ''" 'max_connections = 200' \
    'log_min_duration_statement = 500' 'log_lock_waits = on' "log_line_prefix = '%m %h '" \
    >>/state/postgres/postgresql.conf
  echo "host all all $network trust" >>/state/postgres/pg_hba.conf
  postgres start
  on db psql -qh "${address_of[db]}" -U postgres -c "create database opscode_pushy template template0 encoding 'UTF8'"
}

directory() {
  "$checkout/bin/simulate" directory --nodes $((nodes + others + real_agents)) --org "$organisation" --out /state/directory
  on users "$checkout/bin/pushjobs-server" --config /state/b1.json directory import /state/directory/directory.json \
    >/results/last/import.log 2>&1 || fail 'the directory cannot be imported'
}

server_settings() {
  local backend
  for backend in b1 b2; do
    cat >"/state/$backend.json" <<JSON
{
  "server_name_advertised": "$address",
  "database": "postgresql://postgres:@${address_of[db]}/opscode_pushy",
  "secrets_file": "/state/secrets.json",
  "cluster_members": ["${address_of[b1]}:10005", "${address_of[b2]}:10005"],
  "cluster_address": "${address_of[$backend]}",
  "coordinator_lease": $lease,
  "heartbeat_interval": 1000,
  "keep_alive_time": 5,
  "org_feed_expiration": 900,
  "trusted_proxies": "${address_of[front]}/32"
}
JSON
  done
}

# start_backend NAME PEER: waits for its server, so that the first one makes the secrets that the other one takes.
start_backend() {
  local parent
  ip netns exec "$1" unshare --mount --uts --pid --fork --kill-child --mount-proc \
    bash /script/backend.sh "$1" "${address_of[$1]}" "${address_of[$2]}" >"/results/last/$1.log" 2>&1 &
  parent=$!
  wait_for 10 "machine $1" pgrep -P "$parent" || fail "machine $1 does not start"
  backend_pid[$1]=$(pgrep -P "$parent")
  require 60 "the server of $1 answers" answers "$1"
}

answers() {
  inside "$1" curl -sf -m 1 http://127.0.0.1:10004/health/ready/gateway
}

# coordinator BACKEND: what it says of itself; nothing when it does not answer.
coordinator() {
  inside "$1" curl -s -m 1 http://127.0.0.1:10004/health/ready/coordinator | sed -n 's/.*"status":"\([^"]*\)".*/\1/p'
}

has_address() {
  [ -n "$(ip -n "$1" -o address show to "$address")" ]
}

real_agent() {
  local name=$1 runs=/results/last/real.diary
  cat >"/state/$name.json" <<JSON
{
  "chef_server_url": "http://${address_of[front]}/organizations/$organisation",
  "node_name": "$name",
  "client_key": "/state/directory/nodes.pem",
  "file_dir": "/state/files-$name",
  "log_location": "/results/last/$name.log",
  "whitelist": {
    "$command": "echo \$(date +%s%3N) ACK_RUN \$CHEF_PUSH_NODE_NAME \$CHEF_PUSH_JOB_ID >>$runs; sleep ${command#slow:}; echo \$(date +%s%3N) RESULT \$CHEF_PUSH_NODE_NAME \$CHEF_PUSH_JOB_ID >>$runs"
  }
}
JSON
  on agents "$checkout/bin/push-jobs-client" -c "/state/$name.json" >"/results/last/$name.out" 2>&1 &
}

agents() {
  local number
  on agents "$checkout/bin/simulate" --nodes $((nodes + others)) --server "http://${address_of[front]}:80" \
    --org "$organisation" --key /state/directory/nodes.pem --sub own --diary /results/last/simulated.diary --report-every 5000 \
    </dev/null >/results/last/simulator.log 2>&1 &
  for ((number = nodes + others + 1; number <= nodes + others + real_agents; number++)); do
    real_agent "$(printf 'sim-%05d' "$number")"
  done
}

# is_settled: one backend runs the jobs and has the address, the other one could take over, all agents are there. Sets $active
# and $standby.
is_settled() {
  local available
  if has_address b1 && ! has_address b2; then
    active=b1 standby=b2
  elif has_address b2 && ! has_address b1; then
    active=b2 standby=b1
  else
    return 1
  fi
  [ "$(coordinator "$active")" = active ] && [ "$(coordinator "$standby")" = standby ] && answers "$standby" || return 1
  ! inside "$standby" test -e /run/push-jobs-keepalived/given-up || return 1
  available=$(inside "$active" curl -s -m 2 http://127.0.0.1:10004/metrics |
    sed -n 's/^pushjobs_nodes{availability="available".*} \([0-9]*\).*/\1/p')
  [ "$available" = $((nodes + others + real_agents)) ]
}
