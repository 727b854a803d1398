#!/usr/bin/env bash
# stop-demo.sh STATE: ends what bin/demo started with this state directory and removes the directory.
# Touches no process but those whose pid was written down and whose command line or environment names the directory.
set -uo pipefail

state=$1
seconds_to_stop=15

# is_ours PID: whether the pid still belongs to a process of this demo (pids are used again).
is_ours() {
  [ -d "/proc/$1" ] && cat "/proc/$1/cmdline" "/proc/$1/environ" 2>/dev/null | grep -qaF -- "$state"
}

# end PID...: TERM to all of them, KILL to those that do not go.
end() {
  local pid deadline=$((SECONDS + seconds_to_stop))
  for pid in "$@"; do
    is_ours "$pid" && kill "$pid" 2>/dev/null
  done
  for pid in "$@"; do
    while is_ours "$pid" && [ "$SECONDS" -lt "$deadline" ]; do
      sleep 0.1
    done
    if is_ours "$pid"; then
      echo "process $pid did not stop within $seconds_to_stop s and is killed" >&2
      kill -9 "$pid" 2>/dev/null
    fi
  done
}

[ -f "$state/pids" ] || exit 0
mapfile -t pids <"$state/pids"
# Newest first: agents before the server.
reversed=()
for ((i = ${#pids[@]} - 1; i >= 0; i--)); do
  reversed+=("${pids[i]}")
done
end "${reversed[@]}"

# The server stops its database. Only one that was killed leaves it behind.
while IFS= read -r file; do
  end "$(head -n 1 "$file")"
done < <(find "$state" -name postmaster.pid 2>/dev/null)

rm -rf "$state"
# Commands of the demo that lost their agent end when the directory is gone.
sleep 0.3
