#!/usr/bin/env bash
# shellcheck disable=SC2154
# backend.sh NAME OWN VERSION [PEER]: a backend, the first process of its own machine: runs the server, again whenever it ends, as
# systemd does, and, where it has a peer, keepalived with the files of this checkout. Where there is /state/NAME.clock, the server's
# clock is as far off as that says. The server that is started next, and the scripts that keepalived calls then, are those of the
# checkout whose name is in /run/version, VERSION at first; none is started as long as there is /run/stay-down.
set -euo pipefail

name=$1
own=$2
version=$3
peer=${4:-}
# shellcheck source=/dev/null
. /results/last/arguments
# shellcheck source=keepalived/test/lib/addresses.sh
. /script/addresses.sh
export JAVA_HOME
log=/results/last
# Who is alone is killed so often that a round would be nothing but waiting.
restart_pause=2
[ -n "$peer" ] || restart_pause=0.5

hostname "$name"
mount -t tmpfs -o mode=755 run /run
echo "$version" >/run/version
mkdir -p /tmp/hsperfdata_root
mount -t tmpfs hsperfdata /tmp/hsperfdata_root

# What the scripts say of themselves goes to a file.
keepalived_files() {
  mount -t tmpfs -o mode=755 keepalived /etc/keepalived
  cat >/run/logger <<SH
#!/bin/sh
shift 2
{ [ \$# -gt 0 ] && echo "\$*" || cat; } | sed "s/^/\$(date +%T.%3N) /" >>$log/$name-scripts.log
SH
  chmod +x /run/logger
  mount --bind /run/logger /usr/bin/logger
  sed -e "s/^\$OWN=.*/\$OWN=$own/" -e "s/^\$PEER=.*/\$PEER=$peer/" -e "s/^\$ADDRESS=.*/\$ADDRESS=$address/" \
    -e "s/^\$ADVERT=.*/\$ADVERT=$advert/" -e "s|/opt/opscode-push-jobs-server/keepalived/|/etc/keepalived/|" \
    "$checkout/keepalived/keepalived.conf" >/etc/keepalived/keepalived.conf
  cat >/etc/keepalived/restart-server <<'SH'
#!/bin/sh
kill -TERM "$(cat /run/server.pid)"
SH
  chmod +x /etc/keepalived/restart-server
  take_scripts
}

# take_scripts: keepalived may be about to run them.
take_scripts() {
  local script
  for script in push-jobs-check push-jobs-notify; do
    cp "$version/keepalived/$script" "/etc/keepalived/$script.new"
    mv "/etc/keepalived/$script.new" "/etc/keepalived/$script"
  done
}

# clock: what makes the server see another time.
clock() {
  [ ! -e "/state/$name.clock" ] || printf '%s\n' LD_PRELOAD=/usr/local/lib/push-jobs-clock.so "CLOCK_FILE=/state/$name.clock"
}

serve() {
  while :; do
    while [ -e /run/stay-down ]; do
      sleep 0.1
    done
    version=$(cat /run/version)
    [ -z "$peer" ] || take_scripts
    # Unquoted on purpose: several settings, or none.
    # shellcheck disable=SC2046
    env $(clock) "$version/bin/pushjobs-server" --config "/state/$name.json" \
      >>"$log/$name-server.log" 2>&1 &
    echo $! >/run/server.pid
    wait $! || true
    sleep "$restart_pause"
  done
}

[ -z "$peer" ] || keepalived_files
serve &
if [ -n "$peer" ]; then
  keepalived --dont-fork --log-console --log-detail --use-file=/etc/keepalived/keepalived.conf \
    >>"$log/$name-keepalived.log" 2>&1 &
fi
wait
