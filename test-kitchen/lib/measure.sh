# shellcheck shell=bash disable=SC2034,SC2154
# To be sourced by scenario.sh: sizes, times and memory of what is installed, without a Chef server. It only fails where
# something does not work; how busy the machine is stands beside each number.

# shellcheck source=test-kitchen/lib/stand-alone.sh
. "$here/stand-alone.sh"

times=5

# figure NAME VALUE
figure() {
  printf '   %-52s %s (load %s)\n' "$1" "$2" "$(cut -d ' ' -f 1 /proc/loadavg)"
}

# milliseconds COMMAND...: how long it takes.
milliseconds() {
  local began
  began=$(date +%s%3N)
  "$@" >/dev/null 2>&1 || fail "$*"
  echo $(($(date +%s%3N) - began))
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

# start_and_wait: from the command to the first answer of the API that says all is well.
start_and_wait() {
  opscode-push-jobs-server-ctl start
  until is_ready 2>/dev/null; do
    sleep 0.02
  done
}

run_scenario() {
  local number
  step 'install'
  figure 'dpkg -i of all packages' "$(milliseconds dpkg -i /packages/present/*.deb) ms"
  sizes
  step 'reconfigure'
  supervise "$home/service"
  figure 'the first reconfigure' "$(milliseconds opscode-push-jobs-server-ctl reconfigure) ms"
  wait_for 'the server answers' is_ready
  figure 'reconfigure with nothing to do' "$(milliseconds opscode-push-jobs-server-ctl reconfigure) ms"
  step 'start'
  for number in $(seq "$times"); do
    expect 'stop' opscode-push-jobs-server-ctl stop
    figure "ready after start, $number" "$(milliseconds start_and_wait) ms"
  done
  grep -h 'server ready\|database' /var/log/opscode/$service/current | tail -n 4
  step 'commands'
  for number in $(seq "$times"); do
    figure "status, $number" "$(milliseconds opscode-push-jobs-server-ctl status) ms"
  done
  figure 'pushjobs --help' "$(milliseconds pushjobs --help) ms"
  step 'memory'
  organisation
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
