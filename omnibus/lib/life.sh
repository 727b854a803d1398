#!/usr/bin/env bash
# The life of the packages in /packages, from their installation to their end, in a copy of a system (copy-of-system.sh).
set -euo pipefail

failures=0
agent_kibibytes=78125
export DEBIAN_FRONTEND=noninteractive

fail() {
  echo "FAILED $*"
  failures=$((failures + 1))
}

# expect NAME COMMAND...: it succeeds.
expect() {
  local name=$1 output
  shift
  if ! output=$("$@" 2>&1); then
    fail "$name: $* says: $output"
  fi
}

# refuse NAME COMMAND...: it fails.
refuse() {
  local name=$1
  shift
  if "$@" >/dev/null 2>&1; then
    fail "$name: $* succeeds"
  fi
}

# tools: into the copy.
tools() {
  if ! { apt-get update && apt-get install -y --no-install-recommends lintian rpm runit; } >/tmp/tools.log 2>&1; then
    tail -n 5 /tmp/tools.log
    fail 'lintian, rpm and runit could not be installed'
    exit 1
  fi
}

# remember: what the system looks like before.
remember() {
  (cd /changes && find . | LC_ALL=C sort) >/tmp/before
}

# changed: what is there now and was not, but for dpkg's own books and those of users. (A directory in which something was made
# and removed again is among the changes, too.)
changed() {
  local path
  (cd /changes && find . | LC_ALL=C sort) | comm -13 /tmp/before - |
    { grep -v -e '^\./var/lib/dpkg' -e '^\./var/log/dpkg\.log' -e '^\./var/cache' \
      -e '^\./etc/g\?shadow-\?$' -e '^\./etc/passwd-\?$' -e '^\./etc/group-\?$' -e '^\./etc/\.pwd\.lock$' || true; } |
    while IFS= read -r path; do
      [ -d "/changes/$path" ] && [ -d "/original/$path" ] || printf '%s\n' "$path"
    done
}

# only_listed PACKAGE: nothing has changed but the package's own files.
only_listed() {
  local more
  more=$(comm -23 <(changed | sed 's/^\.//' | LC_ALL=C sort) <(dpkg -L "$1" | LC_ALL=C sort))
  [ -z "$more" ] || fail "$1 left more than its files: $more"
}

nothing_left() {
  local rest
  rest=$(changed)
  [ -z "$rest" ] || fail "$1 left: $rest"
}

# fits PACKAGE: every cache of the package is used.
fits() {
  local home options program
  for options in "/opt/$1"/embedded/launch/*.options; do
    program=$(basename "$options" .options)
    home=/opt/$1/embedded
    [ -f "$home/launch/$program.aot" ] || continue
    expect "the cache of $program fits" "$home/jre/bin/java" "@$options" -XX:AOTMode=on \
      "-XX:AOTCache=$home/launch/$program.aot" -version
  done
}

# units PACKAGE: systemd finds nothing wrong with them. Of keys that it does not know it only speaks, and succeeds.
units() {
  local unit said
  command -v systemd-analyze >/dev/null || return 0
  while IFS= read -r unit; do
    said=$(systemd-analyze verify --man=no "$unit" 2>&1) && [ -z "$said" ] || fail "$unit: $said"
  done < <(dpkg -L "$1" | grep '\.service$')
}

# server_runs: with a database of its own, as a user of its own; it is ready, and it stops when it is told to.
server_runs() {
  local directory started pid
  expect 'a server without a Chef server has its user' getent passwd opscode-push-jobs
  directory=$(mktemp -d)
  chown nobody: "$directory"
  echo '{"server_name_advertised": "127.0.0.1", "data_directory": "data", "api_port": 0, "management_port": 0,
    "server_heartbeat_port": 20000, "command_port": 20002}' >"$directory/server.json"
  started=$(date +%s%3N)
  setpriv --reuid=nobody --regid=nogroup --clear-groups \
    /opt/opscode-push-jobs-server/bin/pushjobs-server --config "$directory/server.json" --ready-file "$directory/ready" \
    >"$directory/log" 2>&1 &
  pid=$!
  wait_for 'the server is ready' test -s "$directory/ready"
  echo "server: ready after $(($(date +%s%3N) - started)) ms with a new database, $(rss "$pid")"
  jars_open "$pid" /opt/opscode-push-jobs-server/embedded/launch/pushjobs-server.options
  expect 'threads can be looked at' /opt/opscode-push-jobs-server/embedded/jre/bin/jcmd "$pid" Thread.print
  kill -TERM "$pid"
  wait "$pid" || [ $? -eq 143 ] || { fail "the server ended with $?" && cat "$directory/log"; }
}

# jars_open PID OPTIONS: it has all jars of its class path open, so that an upgrade under it does not take them away.
jars_open() {
  local missing
  missing=$(comm -23 <(tr ' :' '\n' <"$2" | grep '\.jar$' | LC_ALL=C sort) \
    <(find "/proc/$1/fd" -printf '%l\n' | grep '\.jar$' | LC_ALL=C sort))
  [ -z "$missing" ] || fail "jars that are not open: $missing"
}

# rss PID: its memory.
rss() {
  awk '/^VmRSS/ { printf "RSS %d MiB", $2 / 1024 }' "/proc/$1/status"
}

# agent_runs: reads a file in Ruby syntax, stays though there is no server, and stops when it is told to.
agent_runs() {
  local directory pid started
  directory=$(mktemp -d)
  openssl genrsa 2048 >"$directory/client.pem" 2>/dev/null
  chmod 600 "$directory/client.pem"
  cat >"$directory/client.rb" <<RUBY
chef_server_url "http://127.0.0.1:#{20000 + 3}/organizations/acme"
node_name 'web-1'
client_key '$directory/client.pem'
file_dir '$directory/files'
whitelist({ /\\Aecho (\\w+)\\z/ => 'echo \\1' })
RUBY
  mkdir -m 700 "$directory/files"
  started=$(date +%s%3N)
  expect 'the agent reads Ruby' pushy-client -c "$directory/client.rb" --check-config
  echo "agent: reads a file in Ruby syntax in $(($(date +%s%3N) - started)) ms"
  expect 'the agent takes the command' pushy-client -c "$directory/client.rb" --explain 'echo hello'
  refuse 'the agent takes no other' pushy-client -c "$directory/client.rb" --explain 'echo hello; id'
  pushy-client -c "$directory/client.rb" >"$directory/log" 2>&1 &
  pid=$!
  wait_for 'the agent looks for its server' grep -q 20003 "$directory/log"
  # It gives memory back every half a minute.
  sleep 35
  echo "agent: $(rss "$pid") without a server"
  [ "$(awk '/^VmRSS/ { print $2 }' "/proc/$pid/status")" -lt "$agent_kibibytes" ] || fail 'the agent takes more than 80 MB'
  jars_open "$pid" /opt/push-jobs-client/embedded/launch/pushy-client.options
  kill -TERM "$pid"
  wait "$pid" || { fail "the agent ended with $?" && cat "$directory/log"; }
}

# commands_run: how long the workstation's take, without a server.
commands_run() {
  local started
  started=$(date +%s%3N)
  pushjobs --help >/dev/null
  echo "pushjobs --help: $(($(date +%s%3N) - started)) ms"
  expect 'it knows its other name' bash -c 'knife-push --help | grep -q knife-push'
}

runs() {
  case $1 in
    opscode-push-jobs-server) server_runs ;;
    push-jobs-client) agent_runs ;;
    push-jobs-workstation) commands_run ;;
  esac
}

life_of() {
  local deb=$1 name programs program
  name=$(dpkg-deb -f "$deb" Package)
  echo "life of $name"
  remember
  expect "$name is installed" dpkg -i "$deb"
  only_listed "$name"
  expect "$name: its files are what they were" dpkg --verify "$name"
  mapfile -t programs < <(find "/opt/$name/bin" -type f ! -name pushy-service-manager)
  for program in "${programs[@]}"; do
    expect "$program runs" "$program" --help
    refuse "$program knows its options" "$program" --no-such-option
  done
  fits "$name"
  units "$name"
  runs "$name"
  only_listed "$name"
  expect "$name is upgraded" dpkg -i "$deb"
  only_listed "$name"
  expect "$name is removed" dpkg -r "$name"
  nothing_left "$name, removed,"
  expect "$name is installed again" dpkg -i "$deb"
  expect "$name is purged" dpkg -P "$name"
  nothing_left "$name, purged,"
}

lint() {
  local deb
  for deb in /packages/*_amd64.deb; do
    lintian --allow-root --fail-on error,warning "$deb" || fail "lintian: $deb"
  done
}

# rpm_life RPM: its content is that of the .deb file, and RPM can install and remove it.
rpm_life() {
  local file=$1 name
  name=$(rpm -qp --qf '%{NAME}' "$file")
  echo "life of $name, RPM"
  expect "$name: digests" rpm -K --nosignature "$file"
  diff <(rpm -qlp "$file" | LC_ALL=C sort) \
    <(dpkg-deb -c "/packages/${name}"_*_amd64.deb | awk '{ print $6 }' | sed -e 's|^\.||' -e 's|/$||' |
      grep "^/opt/$name\|^/usr/bin/.\|^/usr/lib/systemd/system/." | LC_ALL=C sort) >/tmp/lists || {
    cat /tmp/lists
    fail "$name: RPM and .deb do not hold the same"
  }
  remember
  expect "$name is installed by RPM" rpm -i --nodeps "$file"
  expect "$name: its files are what they were" rpm -V --nodeps "$name"
  fits "$name"
  expect "$name is removed by RPM" rpm -e "$name"
  [ ! -e "/opt/$name" ] || fail "$name, removed by RPM, left $(find "/opt/$name")"
}

# job_runs: what the three packages are there for, on one system.
job_runs() {
  local directory run pids=()
  echo 'a job with all packages'
  directory=$(mktemp -d)
  chmod 755 "$directory"
  # The server's own.
  install -d -o nobody -g nogroup "$directory/server"
  dpkg -i "$server" "$agent" "$workstation" >/dev/null
  echo '{"server_name_advertised": "127.0.0.1", "data_directory": "server/data", "secrets_file": "server/secrets.json", "api_port": 20003, "management_port": 0,
    "server_heartbeat_port": 20000, "command_port": 20002, "heartbeat_interval": 500}' >"$directory/server.json"
  run=(setpriv --reuid=nobody --regid=nogroup --clear-groups
    /opt/opscode-push-jobs-server/bin/pushjobs-server --config "$directory/server.json")
  "${run[@]}" --ready-file "$directory/server/ready" >"$directory/server.log" 2>&1 &
  pids+=($!)
  wait_for 'the server is ready' test -s "$directory/server/ready"
  expect 'an organisation is made' "${run[@]}" directory org-create acme
  expect 'a user is made' "${run[@]}" directory user-create alice --org acme --admin --key-out "$directory/server/alice.pem"
  expect 'a client is made' "${run[@]}" directory client-create acme web-1 --key-out "$directory/server/web-1.pem"
  install -m 600 "$directory/server/web-1.pem" "$directory/web-1.pem"
  mkdir -m 700 "$directory/files"
  cat >"$directory/client.rb" <<RUBY
chef_server_url 'http://127.0.0.1:20003/organizations/acme'
node_name ['web', 1].join('-')
client_key '$directory/web-1.pem'
file_dir '$directory/files'
whitelist({ 'touch' => 'touch $directory/touched' })
RUBY
  pushy-client -c "$directory/client.rb" >"$directory/agent.log" 2>&1 &
  pids+=($!)
  export PUSHJOBS_SERVER_URL=http://127.0.0.1:20003/organizations/acme
  export PUSHJOBS_USER=alice PUSHJOBS_KEY=$directory/server/alice.pem
  wait_for 'the node is available' bash -c 'pushjobs node status | grep -w available'
  expect 'the job succeeds' pushjobs job start touch web-1
  expect 'the command has run' test -e "$directory/touched"
  refuse 'no other command runs' pushjobs job start reboot web-1
  kill -TERM "${pids[@]}"
  wait "${pids[@]}" || true
  dpkg -P opscode-push-jobs-server push-jobs-client push-jobs-workstation >/dev/null 2>&1
}

# original PACKAGE LINK: installs something like the original's package, whose postrm removes the link in /usr/bin at an
# upgrade, too, and whose server makes files of its own while it is configured.
original() {
  local tree=/tmp/original/$1 home=/opt/$1
  mkdir -p "$tree/DEBIAN" "$tree$home/bin" "$tree$home/embedded/cookbooks" "$tree$home/embedded/service"
  echo echo >"$tree$home/bin/$2"
  touch "$tree$home/embedded/cookbooks/dna.json" "$tree$home/embedded/service/ruby"
  printf '%s\n' "Package: $1" 'Version: 3.0.4-1' 'Architecture: amd64' 'Maintainer: none <none@none.invalid>' \
    'Description: like the original' >"$tree/DEBIAN/control"
  printf '#!/bin/sh\nln -sf %s /usr/bin/%s\n' "$home/bin/$2" "$2" >"$tree/DEBIAN/postinst"
  printf '#!/bin/sh\nrm -f /usr/bin/%s\n' "$2" >"$tree/DEBIAN/postrm"
  chmod 755 "$tree/DEBIAN"/post*
  dpkg-deb -Znone --build "$tree" "$tree.deb" >/dev/null
  dpkg -i "$tree.deb" >/dev/null
  if [ "$1" = opscode-push-jobs-server ]; then
    mkdir "$home/embedded/nodes"
    touch "$home/embedded/cookbooks/cache" "$home/embedded/nodes/this.json"
  fi
}

# upgrade_from_original DEB LINK
upgrade_from_original() {
  local name
  name=$(dpkg-deb -f "$1" Package)
  echo "upgrade of the original's $name"
  remember
  original "$name" "$2"
  expect "the original's $name is upgraded" dpkg -i "$1"
  if [ -e "/opt/$name/bin/$2" ] && ! "/usr/bin/$2" --help >/dev/null 2>&1; then
    fail "$2 is not in /usr/bin after the upgrade"
  fi
  only_listed "$name"
  expect "$name is purged" dpkg -P "$name"
  nothing_left "$name, once the original's, purged,"
}

# wait_for NAME COMMAND...: until it succeeds, for two minutes at most: the machine may be busy.
wait_for() {
  local name=$1 deadline=$((SECONDS + 120))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$deadline" ] || { fail "$name: $* does not come true" && return 0; }
    sleep 0.1
  done
}

running() {
  [[ "$(sv status "$1")" == run:* ]]
}

# chef_server: what of it the package has to do with: its runit, an nginx, and our service in it.
chef_server() {
  local service
  # As chef-server-ctl sets it.
  export SVDIR=/opt/opscode/service
  mkdir -p /opt/opscode/{sv,service,init,bin,embedded/bin} /var/opt/opscode/nginx/etc/addon.d
  for tool in sv runsv runsvdir svlogd chpst; do
    ln -s "$(command -v "$tool")" /opt/opscode/embedded/bin/
  done
  for service in nginx opscode-pushy-server; do
    mkdir -p "/opt/opscode/sv/$service"
    printf '#!/bin/sh\ntrap "echo reload >>/tmp/nginx" HUP\nwhile :; do sleep 0.2; done\n' >"/opt/opscode/sv/$service/run"
    chmod +x "/opt/opscode/sv/$service/run"
    ln -s "/opt/opscode/sv/$service" "/opt/opscode/service/$service"
    ln -s /opt/opscode/embedded/bin/sv "/opt/opscode/init/$service"
  done
  touch /var/opt/opscode/nginx/etc/addon.d/{README.md,10-push_jobs_external.conf,10-push_jobs_upstreams.conf}
  runsvdir -P /opt/opscode/service >/dev/null 2>&1 &
  runsvdir=$!
  wait_for 'nginx' running nginx
  wait_for 'our service' running opscode-pushy-server
}

end_chef_server() {
  sv -w 10 force-shutdown /opt/opscode/sv/* >/dev/null 2>&1 || true
  kill -HUP "$runsvdir"
  wait "$runsvdir" || true
  rm -rf /opt/opscode /var/opt/opscode /tmp/nginx
}

# removal_from_chef_server: nothing of ours stays, and nothing else is touched.
removal_from_chef_server() {
  echo 'removal from a Chef server'
  chef_server
  dpkg -i "$server" >/dev/null
  expect 'the server is removed' dpkg -r opscode-push-jobs-server
  for path in sv service init; do
    [ ! -e "/opt/opscode/$path/opscode-pushy-server" ] || fail "/opt/opscode/$path/opscode-pushy-server is left"
  done
  [ "$(ls /var/opt/opscode/nginx/etc/addon.d)" = README.md ] || fail 'add-on files of nginx are left'
  wait_for 'nginx is told' test -s /tmp/nginx
  running nginx || fail 'nginx no longer runs'
  refuse 'the service is gone' pgrep -f 'runsv opscode-pushy-server'
  end_chef_server
}

# removal_under_failover: cluster.sh can still start and stop what it names, until it no longer names it.
removal_under_failover() {
  echo 'removal from a Chef server with failover'
  chef_server
  mkdir -p /var/opt/opscode/keepalived/bin
  echo 'start_service opscode-pushy-server' >/var/opt/opscode/keepalived/bin/cluster.sh
  touch /opt/opscode/sv/opscode-pushy-server/{keepalive_me,down}
  dpkg -i "$server" >/dev/null
  expect 'the server is removed' dpkg -r opscode-push-jobs-server
  wait_for 'the stand-in runs' running opscode-pushy-server
  expect 'status' /opt/opscode/init/opscode-pushy-server status
  expect 'stop' /opt/opscode/init/opscode-pushy-server stop
  refuse 'status of what is stopped' /opt/opscode/init/opscode-pushy-server status
  expect 'start' /opt/opscode/init/opscode-pushy-server start
  expect 'status of what is started' /opt/opscode/init/opscode-pushy-server status
  [ ! -e /opt/opscode/sv/opscode-pushy-server/keepalive_me ] || fail 'keepalive_me is left'
  [ -e /opt/opscode/sv/opscode-pushy-server/down ] || fail 'the service would start at boot'
  expect 'purge while cluster.sh names it' dpkg -P opscode-push-jobs-server
  running opscode-pushy-server || fail 'the stand-in is gone too early'
  echo : >/var/opt/opscode/keepalived/bin/cluster.sh
  expect 'the rest is removed' /opt/opscode/sv/opscode-pushy-server/leave-chef-server
  [ -z "$(find /opt/opscode -name opscode-pushy-server)" ] || fail 'the stand-in is left'
  end_chef_server
}

tools
for deb in /packages/*_amd64.deb; do
  life_of "$deb"
done
server=$(compgen -G '/packages/opscode-push-jobs-server_*_amd64.deb' || true)
agent=$(compgen -G '/packages/push-jobs-client_*_amd64.deb' || true)
workstation=$(compgen -G '/packages/push-jobs-workstation_*_amd64.deb' || true)
if [ -n "$server" ] && [ -n "$agent" ] && [ -n "$workstation" ]; then
  job_runs
fi
[ -z "$server" ] || upgrade_from_original "$server" opscode-push-jobs-server-ctl
[ -z "$agent" ] || upgrade_from_original "$agent" pushy-client
lint
for file in /packages/*.x86_64.rpm; do
  rpm_life "$file"
done
if [ -n "$server" ]; then
  removal_from_chef_server
  removal_under_failover
fi
exit $((failures > 0))
