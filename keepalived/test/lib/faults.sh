# shellcheck shell=bash disable=SC2154
# To be sourced by rounds.sh: a function for each case, which does harm to the backend $active, and mends it.

# server SIGNAL: of the active backend.
server() {
  inside "$active" sh -c "kill -$1 \"\$(cat /run/server.pid)\""
}

fault_kill() {
  server KILL
}

fault_stop() {
  server STOP
  pause 60
  # Whoever was stopped may have been killed and started anew meanwhile.
  server CONT
}

fault_links() {
  ip link set "$active" down
  pause 20
  ip link set "$active" up
}

# The backends do not hear each other; all others, and they all others, do. What one sends to the other goes to a machine that is
# not there.
fault_partition() {
  local nowhere=(lladdr 02:00:00:00:00:99 nud permanent dev eth0)
  ip -n b1 neigh replace "${address_of[b2]}" "${nowhere[@]}"
  ip -n b2 neigh replace "${address_of[b1]}" "${nowhere[@]}"
  pause 30
  ip -n b1 neigh del "${address_of[b2]}" dev eth0
  ip -n b2 neigh del "${address_of[b1]}" dev eth0
}

fault_twice() {
  ip -n "$standby" address add "$address/24" dev eth0
  on "$standby" arping -q -U -c 3 -I eth0 "$address" || true
  pause 15
  ip -n "$standby" address del "$address/24" dev eth0
}

fault_database-5s() {
  postgres stop -m fast
  pause 5
  postgres start
}
