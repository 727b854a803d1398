# shellcheck shell=bash disable=SC2154
# To be sourced by rounds.sh: a function for each case, which does harm and mends it. $active and $standby are the backends,
# $directory is the round's, $number its number.

# How long the nodes of a backend that died may take to the other one, and both to be even again once it returns.
left_seconds=20
even_seconds=120
# How long a backend may take to be well with another version, and how long one that was promoted may to have the address and all nodes.
well_seconds=60
hand_over_seconds=20

# server SIGNAL [BACKEND]: of the active backend, or of that one.
server() {
  inside "${2:-$active}" sh -c "kill -$1 \"\$(cat /run/server.pid)\""
}

# now_fails: notes the moment at which something begins to fail.
now_fails() {
  date +%s%3N >>"$directory/fault"
}

# measured NAME VALUE MOST: goes into the results of the round; more than MOST is wrong, unless that is -.
measured() {
  echo "  $1: $2"
  echo "$*" >>"$directory/measured"
}

# seconds_until NAME MOST COMMAND...: measures how long it takes from the newest fault on; not for ever when it is too long.
seconds_until() {
  local name=$1 most=$2 millis
  shift 2
  wait_for $((3 * most)) "$name" "$@" >/dev/null || echo "  $name: not in $((3 * most)) s"
  millis=$(($(date +%s%3N) - $(newest_fault)))
  measured "$name" "$((millis / 1000)).$(printf %03d $((millis % 1000)))" "$most"
}

# newest_fault: when it began, in milliseconds since 1970.
newest_fault() {
  tail -n 1 "$directory/fault"
}

# requests_since MILLIS FILE: how many configurations agents have asked for since then, and how many the one that has asked most.
requests_since() {
  awk -v since="$1" '1000 * $1 >= since { all++; if (++of[$3] > most) most = of[$3] } END { print all + 0, most + 0 }' "$2"
}

# wrong TEXT...: what the round's program cannot see.
wrong() {
  echo "$*" >>"$directory/wrong"
}

fault_kill() {
  now_fails
  server KILL
}

fault_stop() {
  now_fails
  server STOP
  pause 60
  # Whoever was stopped may have been killed and started anew meanwhile.
  server CONT
}

fault_links() {
  now_fails
  ip link set "$active" down
  pause 20
  ip link set "$active" up
}

# The backends do not hear each other; all others, and they all others, do. What one sends to the other goes to a machine that is
# not there.
fault_partition() {
  local nowhere=(lladdr 02:00:00:00:00:99 nud permanent dev eth0)
  now_fails
  ip -n b1 neigh replace "${address_of[b2]}" "${nowhere[@]}"
  ip -n b2 neigh replace "${address_of[b1]}" "${nowhere[@]}"
  pause 30
  ip -n b1 neigh del "${address_of[b2]}" dev eth0
  ip -n b2 neigh del "${address_of[b1]}" dev eth0
}

fault_twice() {
  now_fails
  ip -n "$standby" address add "$address/24" dev eth0
  on "$standby" arping -q -U -c 3 -I eth0 "$address" || true
  pause 15
  ip -n "$standby" address del "$address/24" dev eth0
}

# database_stopped SECONDS
database_stopped() {
  now_fails
  postgres "$primary" stop -m fast
  pause "$1"
  postgres "$primary" start
}

fault_database-5s() {
  database_stopped 5
}

fault_database-60s() {
  database_stopped 60
}

fault_database-10min() {
  database_stopped 600
}

# Its processes stand still, and all connections stay open.
fault_database-frozen() {
  now_fails
  postgres_signal "$primary" STOP
  pause 30
  postgres_signal "$primary" CONT
}

# The network of its machine is dead.
fault_database-links() {
  now_fails
  ip link set "$primary" down
  pause 30
  ip link set "$primary" up
}

# The primary dies in rounds of odd numbers and stands still in the others; the replica is promoted, the old primary comes
# back as one that acknowledges nothing, for its replica is gone, and then follows the new one.
fault_replica() {
  local old=$primary new=$replica
  now_fails
  if [ $((number % 2)) = 1 ]; then
    postgres_signal "$old" KILL
  else
    postgres_signal "$old" STOP
  fi
  pause 3
  promote "$new"
  pause 12
  if [ $((number % 2)) = 1 ]; then
    rm "/state/$old/postmaster.pid"
    postgres "$old" start
  else
    postgres_signal "$old" CONT
  fi
  pause 10
  postgres "$old" stop -m immediate
  follow "$old" "$new"
}

# nginx where the users are dies, with all their connections.
fault_frontend() {
  now_fails
  ip netns pids front | xargs kill -KILL
  pause 20
  frontend front
}

# stays_available BACKEND WHAT: all nodes are, 3 heartbeats after it. Before that it need not show yet that some were taken for gone.
stays_available() {
  pause 3
  wait_for 1 'all nodes are available' all_available "$1" || wrong "nodes are not available 3 heartbeats after $2"
}

# clock BACKEND SECONDS: from now on its server's clock is so much off.
clock() {
  # The server has the file before its eyes: it must be as long as it was at any moment.
  printf '%+08d' "$2" 1<>"/state/$1.clock"
}

# The clock of one backend jumps, and jumps back: of the active one in the rounds 1 to 4, by 10 minutes and by an hour,
# forwards and backwards, of the other one in the rounds 5 to 8, and so on.
fault_clock() {
  local jumps=(+600 -600 +3600 -3600) jump whose=$active
  jump=${jumps[$(((number - 1) % 4))]}
  [ $(((number - 1) / 4 % 2)) = 0 ] || whose=$standby
  echo "  the clock of $whose jumps by $jump s"
  now_fails
  clock "$whose" "$jump"
  stays_available "$active" 'the jump'
  pause 30
  now_fails
  clock "$whose" +0
  stays_available "$active" 'the jump back'
}

# All that the active backend does stands still, and so does its wall clock, which is set right 5 s after it goes on. The clock by which
# it knows that its lease is over goes on, which it would not on a machine that is really suspended.
fault_suspend() {
  local whose=$active
  now_fails
  ip link set "$whose" down
  inside "$whose" sh -c 'kill -STOP -1'
  pause "$suspend"
  clock "$whose" "-$suspend"
  inside "$whose" sh -c 'kill -CONT -1'
  ip link set "$whose" up
  pause 5
  clock "$whose" +0
  stays_available "$standby" 'the step'
}

# The server is killed again and again, also while it starts.
fault_alone() {
  local killed
  for ((killed = 0; killed < kills; killed++)); do
    now_fails
    # One that is not there is about to be started.
    server KILL || true
    pause "$((1 + RANDOM % 11)).$((RANDOM % 10))"
  done
}

# count_requests WHEN NODES: those for configurations since the newest fault; so many nodes had to go somewhere else, which takes each
# of them one request.
count_requests() {
  local all of_one
  read -r all of_one < <(requests_since "$(newest_fault)" /results/last/front-configurations.log)
  measured "requests_when_it_$1" "$all" -
  measured "needless_requests_when_it_$1" "$((all > $2 ? all - $2 : 0))" 0
  measured "requests_of_one_node_when_it_$1" "$of_one" 1
}

# job_has_ended: the large one.
job_has_ended() {
  [ "$(jobs_sql "select count(*) from jobs where id = '$(cat "$directory/out")' and status in (0, 1, 5)")" = 0 ]
}

# all_run_the_job: the large one, or have run it.
all_run_the_job() {
  [ "$(jobs_sql "select count(*) from job_nodes where job_id = '$(cat "$directory/out")' and status in (2, 3)")" = \
    $((nodes + real_agents)) ]
}

# One backend dies after the vote, the active one in rounds of odd numbers, and stays dead until its nodes are at the other one and
# the job has ended; then it returns and gets its share.
fault_spread() {
  local whose=$active survivor=$standby there
  [ $((number % 2)) = 1 ] || whose=$standby survivor=$active
  wait_for 60 'all nodes run the job' all_run_the_job || wrong 'some nodes do not run the job'
  there=$(available "$whose")
  echo "  $whose dies, where $there of $all_nodes nodes are"
  inside "$whose" touch /run/stay-down
  now_fails
  server KILL "$whose"
  seconds_until nodes_at_the_other_one_seconds "$left_seconds" all_available "$survivor"
  wait_for 60 'the job has ended' job_has_ended || wrong 'the job does not end while one backend is dead'
  count_requests died "$there"
  now_fails
  inside "$whose" rm /run/stay-down
  seconds_until spread_again_seconds "$even_seconds" is_even
  # Who is asked to go is so within 30 s, of which nearly all are over when the nodes are even.
  pause 15
  is_even || wrong 'the nodes do not stay even'
  count_requests returned "$(available "$whose")"
}

# cluster_command BACKEND COMMAND...: what an operator says there, by the program of the server that runs there.
cluster_command() {
  local backend=$1
  shift
  # shellcheck disable=SC2016
  inside "$backend" sh -c '"$(cat /run/version)/bin/pushjobs-server" "$@"' sh --config "/state/$backend.json" cluster "$@" |
    sed 's/^/  /'
}

# has_no_agents BACKEND
has_no_agents() {
  [ "$(metric "$1" 'pushjobs_connections{.*port="command".*}')" = 0 ]
}

# is_well_with BACKEND VERSION
is_well_with() {
  # shellcheck disable=SC2016
  inside "$1" sh -c 'tr "\0" " " <"/proc/$(cat /run/server.pid)/cmdline"' | grep -qF "$2/src/server/target/" && is_settled
}

# is_active BACKEND: it has the address, too, and all is well.
is_active() {
  is_settled && [ "$active" = "$1" ]
}

# give BACKEND VERSION WAY: replaces its server, after a drain where that is the way, else at once.
give() {
  echo "  $1 gets $2; ${active} runs the jobs ($(date +%T.%3N))"
  now_fails
  if [ "$3" = drain ]; then
    cluster_command "$1" drain || wrong "$1 cannot be drained"
    wait_for 60 "no agents at $1" has_no_agents "$1" || wrong "agents stay at $1, which is being drained"
    now_fails
  fi
  inside "$1" sh -c "echo '$2' >/run/version"
  server TERM "$1"
  seconds_until well_seconds "$well_seconds" is_well_with "$1" "$2"
}

# Both servers are replaced by those of the other version, first the one that stands by, again and again until the time is over.
# Before the second one is replaced it hands the jobs over: it is drained, as the first one was, or that one is promoted.
fault_upgrade() {
  local until=$((SECONDS + 60 * minutes)) ways=(drain promote) passes=0 way new first second
  # Each round ends with the version with which it has begun.
  while [ "$SECONDS" -lt "$until" ] || [ $((passes % 2)) = 1 ]; do
    new=$checkout
    [ $((passes % 2)) = 0 ] || new=$other
    # Up and down, each way in turn.
    way=${ways[$(((passes + passes / 2) % 2))]}
    first=$standby second=$active
    give "$first" "$new" "$way"
    if [ "$way" = promote ]; then
      now_fails
      cluster_command "$first" promote || wrong "$first cannot be promoted"
      seconds_until hand_over_seconds "$hand_over_seconds" is_active "$first"
    fi
    give "$second" "$new" "$way"
    passes=$((passes + 1))
  done
  measured passes "$passes" -
}
