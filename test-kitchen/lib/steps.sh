# shellcheck shell=bash disable=SC2154
# To be sourced by scenario.sh: steps, what they say, and what was started. Everything that is printed is the evidence.
#   step WORDS                   begins a step, when those before it have not failed
#   expect NAME COMMAND...       it succeeds
#   refuse NAME COMMAND...       it fails
#   says NAME TEXT COMMAND...    it succeeds, and what it prints has the text in it
#   silent NAME COMMAND...       it succeeds, and has nothing to say
#   refused COMMAND...           succeeds when the command fails; for "says"
#   wait_for NAME COMMAND...     until it succeeds, for a minute at most; functions may be waited for, too
#   started PID                  is stopped at the end, newest first

failures=0
command_seconds=180
patience_seconds=60
pids=()

step() {
  if [ "$failures" -gt 0 ]; then
    printf '\n%s: what follows needs what failed\n' "$scenario"
    exit 1
  fi
  printf '\n== %s: %s (%d s)\n' "$scenario" "$*" "$((SECONDS - scenario_begins))"
}

fail() {
  printf '   FAILED %s\n' "$*"
  failures=$((failures + 1))
}

# run COMMAND...: shows it and what it prints, which is in $output then; a program never takes longer than command_seconds.
run() {
  local status=0 limit=(timeout --kill-after=10 "$command_seconds")
  ! declare -F "$1" >/dev/null || limit=()
  printf '   $ %s\n' "$*"
  output=$("${limit[@]}" "$@" 2>&1 </dev/null) || status=$?
  [ -z "$output" ] || printf '     %s\n' "${output//$'\n'/$'\n     '}"
  [ "$status" = 0 ] || printf '     (exit status %d)\n' "$status"
  return "$status"
}

expect() {
  local name=$1
  shift
  run "$@" || fail "$name"
}

refuse() {
  local name=$1
  shift
  ! run "$@" || fail "$name"
}

says() {
  local name=$1 text=$2
  shift 2
  if ! run "$@"; then
    fail "$name"
  elif [[ $output != *"$text"* ]]; then
    fail "$name: it does not say '$text'"
  fi
}

silent() {
  local name=$1
  expect "$@"
  [ -z "$output" ] || fail "$name: it says something"
}

refused() {
  ! timeout --kill-after=10 "$command_seconds" "$@"
}

wait_for() {
  local name=$1 deadline=$((SECONDS + patience_seconds))
  shift
  until "$@" >/dev/null 2>&1; do
    if [ "$SECONDS" -ge "$deadline" ]; then
      fail "$name: $* does not come true"
      return 0
    fi
    sleep 0.5
  done
  printf '   %s\n' "$name"
}

# same NAME ONE OTHER, differs NAME ONE OTHER
same() {
  if [ "$2" = "$3" ]; then
    printf '   %s: %s\n' "$1" "$2"
  else
    fail "$1: $2, then $3"
  fi
}

differs() {
  if [ "$2" != "$3" ]; then
    printf '   %s: %s, then %s\n' "$1" "$2" "$3"
  else
    fail "$1: $2 both times"
  fi
}

# absent PATH...
absent() {
  local path
  for path in "$@"; do
    if [ -e "$path" ] || [ -L "$path" ]; then
      fail "$path is there"
    else
      printf '   %s is not there\n' "$path"
    fi
  done
}

present() {
  local path
  for path in "$@"; do
    if [ -e "$path" ]; then
      printf '   %s is there\n' "$path"
    else
      fail "$path is not there"
    fi
  done
}

started() {
  pids=("$1" "${pids[@]}")
}

# supervise DIRECTORY: runit, for the services in it; HUP ends it with all of them.
supervise() {
  mkdir -p "$1"
  runsvdir -P "$1" >/dev/null 2>&1 &
  started $!
}

# stop_everything: each by its id. At HUP runsvdir ends its services, each of which has half a minute; all others end.
stop_everything() {
  local pid
  for pid in "${pids[@]}"; do
    kill -HUP "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  [ ${#pids[@]} -eq 0 ] || wait_for 'no service runs any more' no_service_runs
  pids=()
}

# no_service_runs: there are no other processes here than ours (a process namespace).
no_service_runs() {
  ! pgrep -x 'runsv|svlogd'
}

# user NAME HOME
user() {
  useradd --system --user-group --no-create-home --home-dir "$2" --shell /usr/sbin/nologin "$1"
  users+=("$1")
}

users=()

remove_users() {
  local name
  for name in "${users[@]}"; do
    userdel "$name"
  done
}

# remember: what the system looks like; nothing_left NAME: it looks so again, but for the books of dpkg, logs of the system, and
# the users that were made.
remember() {
  (cd /changes && find . | LC_ALL=C sort) >/tmp/before
}

nothing_left() {
  local left
  left=$( (cd /changes && find . | LC_ALL=C sort) | comm -13 /tmp/before - |
    grep -v -e '^\./var/lib/dpkg' -e '^\./var/log/\(dpkg\|nginx\|lastlog\|faillog\)' -e '^\./var/cache' -e '^\./var/mail' \
      -e '^\./etc/\(\.pwd\.lock\|passwd\|group\|shadow\|gshadow\|subuid\|subgid\)-\?$' | while IFS= read -r path; do
      # What is gone is there as a device.
      if [ ! -c "/changes/$path" ] && { [ ! -d "/changes/$path" ] || [ ! -d "/original/$path" ]; }; then
        printf '%s\n' "$path"
      fi
    done || true)
  if [ -n "$left" ]; then
    fail "$1 left: $left"
  else
    printf '   %s left nothing\n' "$1"
  fi
}
