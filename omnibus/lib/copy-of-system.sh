#!/usr/bin/env bash
# copy-of-system.sh SCRIPT DIRECTORY EMPTY_DIRECTORY [RESULTS [OTHER]]: runs the script in a copy of this system that is gone
# afterwards. In it, /packages is the directory and /other the directory OTHER, both read-only, /original is this system, and /changes
# has the files that differ from it. What is to stay the script writes to /results, which is the directory RESULTS. The copy lies in
# the empty directory as long as the script runs. To be called in a mount namespace of its own.
set -euo pipefail

script=$1
directory=$2
copy=$3
results=${4:-}
other=${5:-}
mount -t tmpfs copy "$copy"
mkdir "$copy/changes" "$copy/work" "$copy/system"
mount -t overlay overlay -o "lowerdir=/,upperdir=$copy/changes,workdir=$copy/work" "$copy/system"
mkdir "$copy/system/original"
mount --bind -o ro / "$copy/system/original"
mount -t proc proc "$copy/system/proc"
mount --rbind /dev "$copy/system/dev"
mount -t tmpfs tmp "$copy/system/tmp"
mount -t tmpfs run "$copy/system/run"
mkdir "$copy/system/packages" "$copy/system/changes" "$copy/system/script"
mount --bind "$copy/changes" "$copy/system/changes"
mount --bind -o ro "$directory" "$copy/system/packages"
mount --bind -o ro "$(dirname "$script")" "$copy/system/script"
if [ -n "$results" ]; then
  mkdir "$copy/system/results"
  mount --bind "$results" "$copy/system/results"
fi
if [ -n "$other" ]; then
  mkdir "$copy/system/other"
  mount --bind -o ro "$other" "$copy/system/other"
fi
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root \
  ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
  chroot "$copy/system" bash "/script/${script##*/}"
