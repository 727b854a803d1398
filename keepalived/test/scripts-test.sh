#!/usr/bin/env bash
# Checks of push-jobs-check and push-jobs-notify with a made-up server in a temporary directory, and of what the test of both
# counts. Called by bin/test.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
checks=0
failures=0

mkdir "$scratch/tools"
# The file named like the end of the address has body and status; one that is not there is not answered.
cat >"$scratch/tools/curl" <<'SH'
#!/usr/bin/env bash
url=${!#}
[[ "$*" == *'-m 1'* ]] || { echo 'a request without a time-out' && exit 2; }
name=${url##*/}
file=$SCRATCH/answers/${name%%\?*}
# What happens while an answer is held.
[ "$name" = "${name%%\?hold=600}" ] || [ ! -e "$SCRATCH/meanwhile" ] || . "$SCRATCH/meanwhile"
[ -e "$file" ] || { [[ "$*" != *http_code* ]] || printf ' 000'; exit 7; }
case "$*" in
  *'-o /dev/null'*) sed 's/.* / /' "$file" ;;
  *http_code*) cat "$file" ;;
  *) sed 's/ [0-9]*$//' "$file" ;;
esac
SH
cat >"$scratch/tools/ip" <<'SH'
#!/bin/sh
cat "$SCRATCH/addresses" 2>/dev/null || true
SH
cat >"$scratch/tools/logger" <<'SH'
#!/bin/sh
shift 2
{ [ $# -gt 0 ] && echo "$*" || cat; } >>"$SCRATCH/log"
SH
chmod +x "$scratch/tools"/*
printf '#!/bin/sh\necho restarted >>"%s/log"\n' "$scratch" >"$scratch/restart"
chmod +x "$scratch/restart"

# script SETTING... -- NAME ARGUMENT...
script() {
  local settings=()
  while [ "$1" != -- ]; do
    settings+=("$1")
    shift
  done
  shift
  printf '%s\n' "STATE=$scratch/state" "HAND_OVER=$scratch/restart" SECONDS_OF_FAULT=0 "${settings[@]}" >"$scratch/settings"
  env SCRATCH="$scratch" PATH="$scratch/tools:$PATH" PUSH_JOBS_KEEPALIVED_SETTINGS="$scratch/settings" "$here/$1" "${@:2}"
}

# server STATUS_OF_GATEWAY COORDINATOR: a server that answers so.
server() {
  local status=200
  rm -rf "$scratch/answers"
  mkdir "$scratch/answers"
  [ "$2" != 'not able' ] || status=503
  printf '{"status":"ready"} %s' "$1" >"$scratch/answers/gateway"
  printf '{"status":"%s"} %s' "$2" "$status" >"$scratch/answers/coordinator"
  printf '{} 200' >"$scratch/answers/_status"
  printf '{} 200' >"$scratch/answers/live"
}

# check NAME STATUS COMMAND...
check() {
  local name=$1 wanted=$2 status=0
  shift 2
  "$@" >"$scratch/out" 2>&1 || status=$?
  checks=$((checks + 1))
  if [ "$status" != "$wanted" ]; then
    echo "FAILED $name: exit $status instead of $wanted: $(cat "$scratch/out")"
    failures=$((failures + 1))
  fi
}

fit() {
  script "$@" -- push-jobs-check fit 192.0.2.10
}

active() {
  script "$@" -- push-jobs-check active 192.0.2.10
}

agents() {
  script "$@" -- push-jobs-check agents
}

has_address() {
  echo '2: eth0 inet 192.0.2.10/24' >"$scratch/addresses"
}

has_no_address() {
  rm -f "$scratch/addresses"
}

logged() {
  grep -q "$1" "$scratch/log"
}

server 200 active
check 'who is active is fit' 0 fit
check 'and active when it has been so for a while' 0 active SETTLED=0
check 'but not before' 1 active SETTLED=1000
has_address
check 'or when it has the address' 0 active SETTLED=1000
has_no_address
server 200 standby
check 'who stands by is fit' 0 fit
check 'and not active' 1 active
server 200 'not able'
check 'who cannot reach the database is fit' 0 fit
check 'and not active' 1 active
check 'but serves agents' 0 agents
server 503 standby
check 'who serves no agents is not fit' 1 fit
check 'and has no address for them' 1 agents
printf '{"status":"draining","reason":"it is"} 503' >"$scratch/answers/gateway"
check 'who is being drained is not fit' 1 fit
check 'for that reason' 0 logged 'not fit: it is being drained'
check 'but keeps the address that its agents were told' 0 agents
server 200 active
rm "$scratch/answers/_status"
check 'nor is who has no API' 1 fit
server 200 active
rm "$scratch/answers/coordinator"
check 'nor who does not say whether it runs the jobs' 1 fit
rm -rf "$scratch/answers"
check 'nor who does not answer at all' 1 fit
check 'who serves no agents either' 1 agents
check 'who is not active either' 1 active
check 'that is logged' 0 logged 'not fit: it does not answer'

server 200 active
# shellcheck disable=SC2016
echo 'rm -rf "$SCRATCH/answers"' >"$scratch/meanwhile"
check 'nor who ends while it is asked' 1 fit
server 200 active
# shellcheck disable=SC2016
echo 'rm -f "$SCRATCH/answers/live"' >"$scratch/meanwhile"
check 'who answers after all is fit' 0 fit
rm "$scratch/meanwhile"

server 200 standby
has_address
check 'who has the address may stand by for a while' 0 fit PATIENCE=1000
check 'but not for ever' 1 fit PATIENCE=0
has_no_address
check 'and then does not get it again soon' 1 fit RETRY=1000
check 'but later' 0 fit RETRY=0
check 'whatever is tried after that' 0 fit RETRY=1000
has_address
check 'it may wait again' 1 fit PATIENCE=0
has_no_address
server 200 active
check 'or gets it at once when it is active' 0 fit RETRY=1000
server 200 standby
check 'and may then stand by' 0 fit RETRY=1000
has_address
check 'time begins when it gets the address' 0 fit PATIENCE=1000

server 200 active
check 'a fault' 0 script -- push-jobs-notify INSTANCE push_jobs FAULT 100
check 'of who is active restarts the server' 0 logged restarted
: >"$scratch/log"
check 'a back-up' 0 script -- push-jobs-notify INSTANCE push_jobs BACKUP 140
check 'restarts nothing' 1 logged restarted
check 'and is logged' 0 logged 'push_jobs is BACKUP'
server 200 standby
check 'keepalived that stops' 0 script -- push-jobs-notify INSTANCE push_jobs STOP 100
check 'restarts nothing where the jobs are not' 1 logged restarted
server 200 active
check 'keepalived that stops' 0 script -- push-jobs-notify INSTANCE push_jobs STOP 100
check 'restarts the server where they are' 0 logged restarted
check 'arguments that are missing are said' 2 script -- push-jobs-notify INSTANCE
check 'here, too' 2 script -- push-jobs-check fit

# requests_are COUNT OF_ONE SINCE LINE...: what is counted in a frontend's log with these lines.
requests_are() (
  # shellcheck source=keepalived/test/lib/faults.sh
  . "$here/test/lib/faults.sh"
  printf '%s\n' "${@:4}" >"$scratch/configurations.log"
  [ "$(requests_since "$3" "$scratch/configurations.log")" = "$1 $2" ]
)

check 'no request is none' 0 requests_are 0 0 1000 ''
check 'requests before are not counted' 0 requests_are 1 1 1500 '1.499 200 /n1' '1.500 200 /n1'
check 'nodes are told apart' 0 requests_are 3 2 1500 '1.500 200 /n1' '1.600 200 /n2' '2.000 502 /n1'

if [ "$failures" -gt 0 ]; then
  echo "scripts-test.sh: $failures of $checks checks failed"
  exit 1
fi
echo "scripts-test.sh: $checks checks passed"
