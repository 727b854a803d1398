#!/usr/bin/env bash
# shellcheck disable=SC2154
# Runs in a copy of a system (omnibus/lib/copy-of-system.sh), where /packages is the checkout and /other the other one: fetches
# what is missing there, and then runs the rounds, with networks and processes of their own for each of the worlds that the cases are in.
set -euo pipefail

# shellcheck source=/dev/null
. /results/last/arguments
# shellcheck source=keepalived/test/lib/cases.sh
. /script/cases.sh
export DEBIAN_FRONTEND=noninteractive JAVA_HOME
declare -A cases_of=()
worlds=()
status=0
for name in $cases; do
  world=$(world_of "$name")
  [ -n "${cases_of[$world]:-}" ] || worlds+=("$world")
  cases_of[$world]+=" $name"
done

# tools: into the copy; nothing starts there by itself.
tools() {
  local missing=()
  printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
  chmod +x /usr/sbin/policy-rc.d
  [ -x /usr/sbin/keepalived ] || missing+=(keepalived)
  [ -x /usr/sbin/nginx ] || missing+=(nginx-light)
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
  command -v curl >/dev/null || missing+=(curl)
  command -v ip >/dev/null || missing+=(iproute2)
  command -v arping >/dev/null || missing+=(iputils-arping)
  [ -z "${cases_of[clocks]:-}" ] || command -v cc >/dev/null || missing+=(gcc libc6-dev)
  if [ ${#missing[@]} -gt 0 ]; then
    echo "apt-get install ${missing[*]}"
    # Those of the last run are used again.
    mount --bind /results/archives /var/cache/apt/archives
    if ! install >/results/last/tools.log 2>&1; then
      tail -n 5 /results/last/tools.log
      exit 1
    fi
  fi
  [ -z "${cases_of[clocks]:-}" ] || cc -O2 -Wall -Werror -shared -fPIC -o /usr/local/lib/push-jobs-clock.so /script/clock.c
}

install() {
  local options=(-y --no-install-recommends -o APT::Keep-Downloaded-Packages=true -o APT::Sandbox::User=root)
  apt-get install "${options[@]}" "${missing[@]}" ||
    { timeout 300 apt-get update && timeout 600 apt-get install "${options[@]}" "${missing[@]}"; }
}

tools
# Where it is outside, so that the caches with which programs start quickly fit.
mkdir -p "$checkout"
mount --bind /packages "$checkout"
if [ -n "$other" ]; then
  mkdir -p "$other"
  mount --bind /other "$other"
fi
# The first process of a name space gets only signals that it asks for; with it all others end.
trap 'exit 143' TERM INT HUP
for world in "${worlds[@]}"; do
  # Unquoted on purpose: several names.
  # shellcheck disable=SC2086
  unshare --mount --uts --ipc --net --pid --fork --kill-child --mount-proc bash /script/rounds.sh "$world" ${cases_of[$world]} ||
    status=$?
done
# shellcheck source=bin/lib/launch.sh
. "$checkout/bin/lib/launch.sh"
(launch simulator org.pushjobs.simulator.failover.Failover -- summary /results/last) | tee /results/last/summary
exit "$status"
