#!/usr/bin/env bash
# installed.sh ROOT COMMAND...: runs the command where ROOT/opt/NAME is /opt/NAME, for each package in ROOT. Only the command
# and its children see that (a mount namespace of their own): the machine's /opt stays as it is. Needs no rights besides those to
# make a user namespace.
set -euo pipefail

# inside ROOT COMMAND...: in the new namespace.
inside() {
  local root=$1 others package
  shift
  # What else is in /opt stays in its place; the JDK may be there.
  others=$(mktemp -d)
  mount --rbind /opt "$others"
  mount -t tmpfs -o mode=0755 packages /opt
  local entry
  for entry in "$others"/*; do
    if [ -d "$entry" ] && [ ! -d "$root/opt/${entry##*/}" ]; then
      mkdir "/opt/${entry##*/}"
      mount --rbind "$entry" "/opt/${entry##*/}"
    fi
  done
  for package in "$root"/opt/*; do
    mkdir "/opt/${package##*/}"
    mount --bind "$package" "/opt/${package##*/}"
  done
  umount -l "$others"
  rmdir "$others"
  exec "$@"
}

if [ "${1:-}" = --inside ]; then
  shift
  inside "$@"
fi
flags=(--mount --propagation private)
if [ "$(id -u)" != 0 ]; then
  flags+=(--user --map-root-user)
fi
exec unshare "${flags[@]}" "${BASH:-bash}" "${BASH_SOURCE[0]}" --inside "$@"
