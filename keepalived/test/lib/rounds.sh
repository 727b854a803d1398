#!/usr/bin/env bash
# shellcheck disable=SC2154
# rounds.sh WORLD CASE...: makes the machines, and does round after round of the cases, which are of that world: a job on all nodes,
# a fault at a random moment of it, and the judgement.
set -euo pipefail

# shellcheck source=/dev/null
. /results/last/arguments
export JAVA_HOME
# shellcheck source=keepalived/test/lib/addresses.sh
. /script/addresses.sh
# shellcheck source=keepalived/test/lib/cases.sh
. /script/cases.sh
# shellcheck source=keepalived/test/lib/world.sh
. /script/world.sh
# shellcheck source=keepalived/test/lib/faults.sh
. /script/faults.sh
# shellcheck source=bin/lib/launch.sh
. "$checkout/bin/lib/launch.sh"

failover() {
  (launch simulator org.pushjobs.simulator.failover.Failover -Xmx2g -- "$@")
}

# watch_round CASE DATABASE DIRECTORY COMMAND...: the round's program, on the users' machine.
watch_round() {
  local name=$1 database=$2 directory=$3 more=() item seconds=240
  shift 3
  for ((item = nodes + others + 1; item <= nodes + others + real_agents; item++)); do
    more+=(--node "$(printf 'sim-%05d' "$item")")
  done
  for item in "$@"; do
    more+=(--command "$item")
  done
  ! refuses "$name" || more+=(--refusals)
  case $name in
    database-10min) seconds=$((seconds + 600)) ;;
    suspend) seconds=$((seconds + suspend)) ;;
    alone) seconds=$((seconds + 7 * kills)) ;;
    spread) seconds=$((seconds + 3 * (left_seconds + even_seconds))) ;;
    upgrade) seconds=$((seconds + 60 * minutes)) ;;
  esac
  failover round --organisation "http://${address_of[front]}/organizations/$organisation" \
    --organisation "http://${address_of[front2]}/organizations/$organisation" --user admin --key /state/directory/admin.pem \
    --database "jdbc:postgresql://$database?user=postgres&targetServerType=primary" --nodes "$nodes" --others "$others" \
    "${more[@]}" --diary /results/last/simulated.diary --diary /results/last/real.diary --seconds "$seconds" --out "$directory"
}

# fault_of CASE TENTHS: some time after the job has been started, up to so many tenths of a second.
fault_of() {
  local delay=$((RANDOM * $2 / 32768)) pids
  require 60 'the job is started' test -s "$directory/out"
  pause "$((delay / 10)).$((delay % 10))"
  echo "  $1 of $active, $((delay / 10)).$((delay % 10)) s after the start ($(date +%T.%3N))"
  pids=$(server_pids)
  "fault_$1"
  if keeps_servers "$1"; then
    wait_for 60 'all is well again' is_settled || wrong 'the backends do not get well again in 60 s'
    [ "$(server_pids)" = "$pids" ] || wrong 'a server was started anew'
  fi
  pause 5
  : >"$directory/over"
}

# round CASE NUMBER: where it is about the database, something fails in the vote in rounds of odd numbers. In all others it may
# happen in the vote, the run, or when results come.
round() {
  local number=$2 directory=/results/last/$1/$2 commands=("$long") tenths=110 watcher status=0
  mkdir -p "$directory"
  echo "== $1, round $2"
  require 120 'all is well' is_well
  if goes_on "$1"; then
    commands=("${short[@]}") tenths=30
  elif [ "${1%%-*}" = database ] && [ $((number % 2)) = 1 ]; then
    commands=("$long_vote") tenths=25
  fi
  # A shell of its own enters the network, so that the program replaces it.
  nsenter --net=/run/netns/users bash /script/rounds.sh watch "$1" "$(database_address)" "$directory" "${commands[@]}" \
    >"$directory/out" 2>"$directory/err" &
  watcher=$!
  fault_of "$1" "$tenths"
  wait "$watcher" || status=$?
  if [ "$status" != 0 ]; then
    failures=$((failures + 1))
    sed 's/^/  /' "$directory/out" "$directory/err"
  fi
}

if [ "${1:-}" = watch ]; then
  watch_round "${@:2}"
  exit
fi

# The first process of a name space gets only signals that it asks for; with it all others end.
trap 'exit 143' TERM INT HUP
world=$1
# The server that backends begin with.
version=$checkout
[ "$world" != versions ] || version=$other
failures=0
# What another world has left.
rm -rf /state /run/netns
mkdir /state
# Else what PostgreSQL leaves behind when it is killed would stay on this machine.
mount -t tmpfs -o mode=1777 shm /dev/shm
[ -d /etc/keepalived ] || mkdir /etc/keepalived
# Rounds follow each other sooner than failures do.
printf '%s\n' HAND_OVER=/etc/keepalived/restart-server RETRY=25 >/etc/default/push-jobs-keepalived
for name in front front2; do
  : >"/results/last/$name-configurations.log"
done
network
database
server_settings
directory
frontend front
frontend front2
case $world in
  alone)
    ip -n b1 address add "$address/24" dev eth0
    start_backend b1
    ;;
  spread)
    start_backend b1
    start_backend b2
    ;;
  *)
    start_backend b1 b2
    start_backend b2 b1
    ;;
esac
agents
for name in "${@:2}"; do
  for ((number = 1; number <= rounds; number++)); do
    round "$name" "$number"
  done
done
[ "$failures" = 0 ] || fail "$failures rounds"
