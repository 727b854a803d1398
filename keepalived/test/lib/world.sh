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
all_nodes=$((nodes + others + real_agents))
# Those of large jobs: what takes some time, with a vote that does not, or does, too.
long=slow:10
long_vote='late:3 slow:10'
short=(slow:3 slow:1 'late:1 slow:2' slow:6)
# The database's hosts: where it takes writes, and, in the world that has one, where the replica is.
primary=db
replica=
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

as_postgres() {
  local host=$1
  shift
  on "$host" setpriv --reuid postgres --regid postgres --clear-groups "$@"
}

# postgres HOST ARGUMENT...: of pg_ctl.
postgres() {
  local host=$1
  shift
  as_postgres "$host" "$postgres_bin/pg_ctl" -D "/state/$host" -w -t 30 -l "/results/last/$host-postgres.log" "$@" >/dev/null
}

# postgres_signal HOST SIGNAL: to all its processes, first to the one that starts others.
postgres_signal() {
  kill "-$2" "$(head -n 1 "/state/$1/postmaster.pid")"
  # One that has ended meanwhile is none.
  ip netns pids "$1" | xargs kill "-$2" 2>/dev/null || true
}

# sql HOST STATEMENT [DATABASE]
sql() {
  on "$1" psql -qtAh "${address_of[$1]}" -U postgres -c "$2" "${3:-postgres}"
}

# jobs_sql STATEMENT: of the servers' database.
jobs_sql() {
  sql "$primary" "$1" opscode_pushy
}

# new_data HOST: an empty directory for it.
new_data() {
  rm -rf "/state/$1"
  install -d -o postgres -g postgres -m 700 "/state/$1"
}

database() {
  local host
  for host in db db2; do
    touch "/results/last/$host-postgres.log"
    chown postgres: "/results/last/$host-postgres.log"
  done
  new_data db
  as_postgres db "$postgres_bin/initdb" -D /state/db --auth=trust --encoding=UTF8 --locale=C >/dev/null
  printf '%s\n' "listen_addresses = '*'" "unix_socket_directories = ''" 'max_connections = 200' \
    'log_min_duration_statement = 500' 'log_lock_waits = on' "log_line_prefix = '%m %h '" >>/state/db/postgresql.conf
  printf "host %s all $network trust\n" all replication >>/state/db/pg_hba.conf
  postgres db start
  sql db "create database opscode_pushy template template0 encoding 'UTF8'"
  if [ "$world" = replicated ]; then
    follow db2 db
  fi
}

# follow HOST PRIMARY: it begins anew, as the replica whose answer every write waits for.
follow() {
  new_data "$1"
  as_postgres "$1" "$postgres_bin/pg_basebackup" -h "${address_of[$2]}" -U postgres -D "/state/$1" -R -X stream -c fast
  postgres "$1" start
  sql "$2" "alter system set synchronous_standby_names = '*'"
  sql "$2" 'select pg_reload_conf()' >/dev/null
  primary=$2 replica=$1
  require 30 'the replica follows' is_synchronous
}

is_synchronous() {
  [ "$(sql "$primary" "select count(*) from pg_stat_replication where sync_state = 'sync'")" = 1 ]
}

# promote HOST: it takes writes, and waits for no replica.
promote() {
  as_postgres "$1" "$postgres_bin/pg_ctl" -D "/state/$1" promote >/dev/null
}

# database_address: the database's hosts, as in a URL.
database_address() {
  echo "${address_of[$primary]}${replica:+,${address_of[$replica]}}/opscode_pushy"
}

# frontend NAME: starts its nginx, which passes requests on to the address, or where there is none to both backends.
frontend() {
  local backends="server $address:10003;"
  [ "$world" != spread ] || backends="server ${address_of[b1]}:10003; server ${address_of[b2]}:10003;"
  mkdir -p "/state/$1"
  sed -e "s:/state/:/state/$1/:" -e "s:/frontend-:/$1-:" -e "s|BACKENDS|$backends|" /script/nginx.conf >"/state/$1/nginx.conf"
  on "$1" nginx -c "/state/$1/nginx.conf" &
}

directory() {
  "$checkout/bin/simulate" directory --nodes $((nodes + others + real_agents)) --org "$organisation" --out /state/directory
  on users "$version/bin/pushjobs-server" --config /state/b1.json directory import /state/directory/directory.json \
    >>/results/last/import.log 2>&1 || fail 'the directory cannot be imported'
}

server_settings() {
  local backend members= agents_at=
  for backend in b1 b2; do
    mkdir "/state/$backend"
    [ "$world" != clocks ] || printf '%+08d' 0 >"/state/$backend.clock"
    if [ "$world" != alone ]; then
      members="\"cluster_members\": [\"${address_of[b1]}:10005\", \"${address_of[b2]}:10005\"],
  \"cluster_address\": \"${address_of[$backend]}\","
    fi
    [ "$world" != spread ] || agents_at="\"spread\": true, \"gateway_address\": \"${address_of[$backend]}\","
    cat >"/state/$backend.json" <<JSON
{
  "server_name_advertised": "$address",
  "database": "postgresql://postgres:@$(database_address)",
  "secrets_file": "/state/$backend/secrets.json",
  $members
  $agents_at
  "coordinator_lease": $lease,
  "heartbeat_interval": 1000,
  "keep_alive_time": 5,
  "org_feed_expiration": 900,
  "wait_complete_time": 60,
  "trusted_proxies": "$frontends"
}
JSON
  done
}

# start_backend NAME [PEER]: waits for its server. The first one makes the secrets, of which the other one gets a copy.
start_backend() {
  local parent peer=()
  [ $# = 1 ] || peer=("${address_of[$2]}")
  [ "$1" = b1 ] || cp -p /state/b1/secrets.json "/state/$1/"
  ip netns exec "$1" unshare --mount --uts --pid --fork --kill-child --mount-proc \
    bash /script/backend.sh "$1" "${address_of[$1]}" "$version" "${peer[@]}" >>"/results/last/$1.log" 2>&1 &
  parent=$!
  wait_for 10 "machine $1" pgrep -P "$parent" || fail "machine $1 does not start"
  backend_pid[$1]=$(pgrep -P "$parent")
  require 60 "the server of $1 answers" answers "$1"
}

server_pid() {
  inside "$1" cat /run/server.pid
}

# server_pids: of all backends that there are.
server_pids() {
  local backend
  for backend in "${!backend_pid[@]}"; do
    server_pid "$backend"
  done
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

# whitelist: a real agent's, which notes what it runs.
whitelist() {
  local command note="\$CHEF_PUSH_NODE_NAME \$CHEF_PUSH_JOB_ID >>/results/last/real.diary" lines=()
  for command in "$long" "$long_vote" "${short[@]}"; do
    lines+=("\"$command\": \"echo \$(date +%s%3N) ACK_RUN $note; sleep ${command##*slow:}; echo \$(date +%s%3N) RESULT $note\"")
  done
  local IFS=,
  echo "${lines[*]}"
}

real_agent() {
  local name=$1
  cat >"/state/$name.json" <<JSON
{
  "chef_server_url": "http://${address_of[front]}/organizations/$organisation",
  "node_name": "$name",
  "client_key": "/state/directory/nodes.pem",
  "file_dir": "/state/files-$name",
  "log_location": "/results/last/$name.log",
  "whitelist": {$(whitelist)}
}
JSON
  on agents "$checkout/bin/push-jobs-client" -c "/state/$name.json" >>"/results/last/$name.out" 2>&1 &
}

agents() {
  local number mode=healing
  [ "$world" != spread ] || mode=roaming
  on agents "$checkout/bin/simulate" --nodes $((nodes + others)) --server "http://${address_of[front]}:80" \
    --org "$organisation" --key /state/directory/nodes.pem --mode "$mode" --protocol 2.1 --sub own \
    --diary /results/last/simulated.diary --report-every 5000 </dev/null >>/results/last/simulator.log 2>&1 &
  for ((number = nodes + others + 1; number <= nodes + others + real_agents; number++)); do
    real_agent "$(printf 'sim-%05d' "$number")"
  done
}

# is_settled: one backend runs the jobs and has the address, where there is one, the other one could take over, all agents are
# there. Sets $active and $standby.
is_settled() {
  case $world in
    alone)
      active=b1
      [ "$(coordinator b1)" = active ] && all_available b1
      return
      ;;
    spread)
      is_spread
      return
      ;;
  esac
  if has_address b1 && ! has_address b2; then
    active=b1 standby=b2
  elif has_address b2 && ! has_address b1; then
    active=b2 standby=b1
  else
    return 1
  fi
  [ "$(coordinator "$active")" = active ] && [ "$(coordinator "$standby")" = standby ] && answers "$standby" || return 1
  ! inside "$standby" test -e /run/push-jobs-keepalived/given-up || return 1
  all_available "$active"
}

# is_well: it is settled and stays so; where the address has just moved it looks so for a moment.
is_well() {
  local second
  for second in 1 2 3 4 5; do
    is_settled || return 1
    pause 1
  done
  is_settled
}

# is_spread: as is_settled, of backends that both have agents and know of each other.
is_spread() {
  if [ "$(coordinator b1)" = active ]; then
    active=b1 standby=b2
  else
    active=b2 standby=b1
  fi
  [ "$(coordinator "$active")" = active ] && [ "$(coordinator "$standby")" = standby ] || return 1
  answers "$active" && answers "$standby" && [ "$(gateways "$active")" = 2 ] && [ "$(gateways "$standby")" = 2 ] || return 1
  [ $(($(available "$active") + $(available "$standby"))) = "$all_nodes" ]
}

# is_even: whether each backend has between 45 and 55 % of the nodes.
is_even() {
  local one other_one
  one=$(available b1) other_one=$(available b2)
  [ $((one + other_one)) = "$all_nodes" ] && [ $((100 * one)) -ge $((45 * all_nodes)) ] && [ $((100 * one)) -le $((55 * all_nodes)) ]
}

# metric BACKEND NAME: of the series whose name and labels match; nothing when it does not answer.
metric() {
  local text
  text=$(inside "$1" curl -s -m 2 http://127.0.0.1:10004/metrics) || return 0
  sed -n "s/^$2 \([0-9]*\).*/\1/p" <<<"$text"
}

# available BACKEND: how many nodes are, as it says; 0 when it does not answer.
available() {
  local number
  number=$(metric "$1" 'pushjobs_nodes{availability="available".*}')
  echo "${number:-0}"
}

# gateways BACKEND: how many it knows.
gateways() {
  metric "$1" 'pushjobs_spread_gateways[^ ]*'
}

# all_available BACKEND: whether it says so.
all_available() {
  [ "$(available "$1")" = "$all_nodes" ]
}
