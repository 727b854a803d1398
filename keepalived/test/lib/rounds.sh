#!/usr/bin/env bash
# shellcheck disable=SC2154
# Makes the machines, and does round after round: a job on all nodes, a fault at a random moment of it, and the judgement.
set -euo pipefail

# shellcheck source=/dev/null
. /results/last/arguments
export JAVA_HOME
# shellcheck source=keepalived/test/lib/addresses.sh
. /script/addresses.sh
# shellcheck source=keepalived/test/lib/world.sh
. /script/world.sh
# shellcheck source=keepalived/test/lib/faults.sh
. /script/faults.sh
# shellcheck source=bin/lib/launch.sh
. "$checkout/bin/lib/launch.sh"

round_seconds=240
# A fault may come this long after the job was started: the vote, the run and the results are within.
most_delay=$((${command#slow:} + 1))

failover() {
  (launch simulator org.pushjobs.simulator.failover.Failover -Xmx512m -- "$@")
}

# watch_round DIRECTORY: the round's program, on the users' machine.
watch_round() {
  local more=() number
  for ((number = nodes + others + 1; number <= nodes + others + real_agents; number++)); do
    more+=(--node "$(printf 'sim-%05d' "$number")")
  done
  failover round --organisation "http://${address_of[front]}/organizations/$organisation" --user admin \
    --key /state/directory/admin.pem --database "jdbc:postgresql://${address_of[db]}/opscode_pushy?user=postgres" \
    --nodes "$nodes" --others "$others" "${more[@]}" --command "$command" --diary /results/last/simulated.diary \
    --diary /results/last/real.diary --seconds "$round_seconds" --out "$1"
}

# fault_of CASE DIRECTORY: some time after the job has been started.
fault_of() {
  local delay=$((RANDOM * most_delay * 10 / 32768))
  require 60 'the job is started' test -s "$2/out"
  pause "$((delay / 10)).$((delay % 10))"
  echo "  $1 of $active, $((delay / 10)).$((delay % 10)) s after the start ($(date +%T.%3N))"
  date +%s%3N >"$2/fault"
  "fault_$1"
  pause 5
  : >"$2/over"
}

round() {
  local directory=/results/last/$1/$2 watcher status=0
  mkdir -p "$directory"
  echo "== $1, round $2"
  require 120 'all is well' is_settled
  # A shell of its own enters the network, so that the program replaces it.
  nsenter --net=/run/netns/users bash /script/rounds.sh watch "$directory" >"$directory/out" 2>"$directory/err" &
  watcher=$!
  fault_of "$1" "$directory"
  wait "$watcher" || status=$?
  if [ "$status" != 0 ]; then
    failures=$((failures + 1))
    sed 's/^/  /' "$directory/out" "$directory/err"
  fi
}

if [ "${1:-}" = watch ]; then
  watch_round "$2"
  exit
fi

# The first process of a name space gets only signals that it asks for; with it all others end.
trap 'exit 143' TERM INT HUP
failures=0
mkdir /state
[ -d /etc/keepalived ] || mkdir /etc/keepalived
# Rounds follow each other sooner than failures do.
printf '%s\n' HAND_OVER=/etc/keepalived/restart-server RETRY=25 >/etc/default/push-jobs-keepalived
network
database
server_settings
directory
on front nginx -c /script/nginx.conf &
start_backend b1 b2
start_backend b2 b1
agents
for name in $cases; do
  for ((number = 1; number <= rounds; number++)); do
    round "$name" "$number"
  done
done
failover summary /results/last | tee /results/last/summary
[ "$failures" = 0 ] || fail "$failures rounds"
