# shellcheck shell=bash disable=SC2034,SC2154
# To be sourced by scenario.sh: sizes, times and memory of what is installed, without a Chef server. It only fails where
# something does not work; how busy the machine is stands beside each number, and beside a time the processor's: that is what it
# would take on a machine that does nothing else.

# shellcheck source=test-kitchen/lib/stand-alone.sh
. "$here/stand-alone.sh"

times=5

# figure NAME VALUE
figure() {
  printf '   %-52s %s (load %s)\n' "$1" "$2" "$(cut -d ' ' -f 1 /proc/loadavg)"
}

# duration COMMAND...: how long it takes, and how long processors work for it.
duration() {
  local TIMEFORMAT='%R s, processor %U + %S s'
  { time "$@" >/dev/null 2>&1 || fail "$*"; } 2>&1
}

# bytes_of PATH...: of the files in them, in millions.
bytes_of() {
  find "$@" -type f -printf '%s\n' | awk '{ sum += $1 } END { printf "%.0f MB", sum / 1e6 }'
}

rss_of() {
  awk '/^VmRSS/ { printf "%.0f MB", $2 * 1024 / 1e6 }' "/proc/$1/status"
}

sizes() {
  local package home
  for package in opscode-push-jobs-server push-jobs-client push-jobs-workstation; do
    home=/opt/$package/embedded
    figure "$package" "$(bytes_of "/packages/present/$package.deb") as .deb"
    printf '     installed %s: runtime %s, jars %s, caches %s\n' "$(bytes_of "/opt/$package")" "$(bytes_of "$home/jre")" \
      "$(bytes_of "$home/lib" "$home/evaluator/lib")" \
      "$(find "/opt/$package" -name '*.aot' -printf '%s\n' | awk '{ sum += $1 } END { printf "%.0f MB", sum / 1e6 }')"
  done
}

# processor_of PID: seconds that it has worked, with the children that have ended.
processor_of() {
  awk -v hertz="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); printf "%.1f", ($12 + $13 + $14 + $15) / hertz }' "/proc/$1/stat"
}

# ready_after_start: from the command to the first answer of the API that says all is well.
ready_after_start() {
  local began
  began=$(date +%s%3N)
  "$@" >/dev/null || fail "$*"
  until is_ready 2>/dev/null || [ $(($(date +%s%3N) - began)) -gt 60000 ]; do
    sleep 0.02
  done
  echo "$(($(date +%s%3N) - began)) ms, processor $(processor_of "$(server_pid)") s"
}

run_scenario() {
  local number
  step 'install'
  figure 'dpkg -i of all packages' "$(duration dpkg -i /packages/present/*.deb)"
  sizes
  step 'reconfigure'
  supervise "$home/service"
  figure 'the first reconfigure' "$(duration opscode-push-jobs-server-ctl reconfigure)"
  wait_for 'the server answers' is_ready
  figure 'reconfigure with nothing to do' "$(duration opscode-push-jobs-server-ctl reconfigure)"
  step 'start'
  for number in $(seq "$times"); do
    expect 'stop' opscode-push-jobs-server-ctl stop
    figure "ready after start, $number" "$(ready_after_start opscode-push-jobs-server-ctl start)"
    expect 'stop' opscode-push-jobs-server-ctl stop
    figure "ready after runit's start, $number" "$(ready_after_start env SVDIR="$home/service" "$home/init/$service" start)"
  done
  grep -h 'server ready\|database' /var/log/opscode/$service/current | tail -n 4
  step 'commands'
  for number in $(seq "$times"); do
    figure "status, $number" "$(duration opscode-push-jobs-server-ctl status)"
  done
  figure 'pushjobs --help' "$(duration pushjobs --help)"
  step 'memory'
  organisation
  figure 'org list' "$(duration opscode-push-jobs-server-ctl org list)"
  start_node "$PUSHJOBS_SERVER_URL" "$keys/web-1.pem"
  # Whatever an agent gives back by itself it does so every half a minute.
  sleep 70
  figure 'RSS of an agent that waits' "$(rss_of "$(agent_pid)")"
  figure 'RSS of the server with one agent' "$(rss_of "$(server_pid)")"
  begin_job
  end_job
  figure 'RSS of the agent after a job' "$(rss_of "$(agent_pid)")"
  stop_node
  expect 'the server is purged' dpkg -P opscode-push-jobs-server
}
