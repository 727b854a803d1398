# shellcheck shell=bash disable=SC2154
# To be sourced by rounds.sh: a function for each case, which does harm and mends it. $active and $standby are the backends,
# $directory is the round's, $number its number.

# server SIGNAL: of the active backend.
server() {
  inside "$active" sh -c "kill -$1 \"\$(cat /run/server.pid)\""
}

# now_fails: notes the moment at which something begins to fail.
now_fails() {
  date +%s%3N >>"$directory/fault"
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
