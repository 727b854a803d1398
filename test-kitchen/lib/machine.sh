#!/usr/bin/env bash
# Runs in a copy of a system (omnibus/lib/copy-of-system.sh), where /packages is what run-local has put together: fetches what
# is missing there, and then runs the scenarios, each with a network and processes of its own.
set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
name=kitchen.example.com
export DEBIAN_FRONTEND=noninteractive

# tools: into the copy; nothing starts there by itself.
tools() {
  local missing=()
  printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
  chmod +x /usr/sbin/policy-rc.d
  command -v runsvdir >/dev/null || missing+=(runit)
  [ -x /usr/sbin/nginx ] || missing+=(nginx-light)
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
  command -v curl >/dev/null || missing+=(curl)
  command -v openssl >/dev/null || missing+=(openssl)
  command -v ip >/dev/null || missing+=(iproute2)
  command -v systemd-analyze >/dev/null || missing+=(systemd)
  if [ ${#missing[@]} -gt 0 ]; then
    echo "apt-get install ${missing[*]}"
    if ! { timeout 300 apt-get update && timeout 600 apt-get install -y --no-install-recommends "${missing[@]}"; } \
      >/tmp/tools.log 2>&1; then
      tail -n 5 /tmp/tools.log
      exit 1
    fi
  fi
}

tools
printf '127.0.0.1 localhost\n127.0.1.1 %s kitchen\n' "$name" >/etc/hosts
while read -r scenario; do
  # Whatever a scenario leaves running ends with it; what one that failed leaves installed would disturb the next.
  unshare --mount --uts --net --pid --fork --kill-child --mount-proc \
    bash "$here/scenario.sh" "$scenario" "$name" </dev/null || exit 1
done </packages/scenarios
