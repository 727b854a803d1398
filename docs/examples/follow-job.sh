#!/bin/sh
# Follows a job to its end, over broken connections too, and writes each event once, as a line: its name and its data.
#
#   follow-job.sh JOB
#
# Asks as signed-request.sh does, which has to be beside it. Status 0 after the last event, 2 when the server refuses.
set -eu

job=${1:?which job?}
here=$(dirname "$0")
seen=$(mktemp)
trap 'rm -f "$seen"' EXIT
trap 'exit 1' HUP INT TERM

# Reads frames up to the last event of the job and keeps the id of the newest in $seen. 1 when the last one has not come yet.
events() {
  name='' id='' data=''
  while IFS= read -r line; do
    case $line in
      'event: '*) name=${line#event: } ;;
      'id: '*) id=${line#id: } ;;
      'data: '*) data=${line#data: } ;;
      '{'*) printf '%s\n' "$line" >&2 ;;
      'curl: 22') return 2 ;;
      '')
        if [ -n "$data" ]; then
          printf '%s %s\n' "$name" "$data"
          printf '%s' "$id" >"$seen"
          case $name in job_complete | summary) return 0 ;; esac
        fi
        name='' id='' data=''
        ;;
    esac
  done
  return 1
}

# The header is not sent while $seen is empty: curl leaves out those without a value.
outcome=1
while [ "$outcome" = 1 ]; do
  outcome=0
  {
    "$here/signed-request.sh" GET "job_status_feed/$job" --retry 8 --retry-connrefused \
      -H "Last-Event-ID: $(cat "$seen")" || printf '\ncurl: %s\n' $?
  } | events || outcome=$?
  [ "$outcome" != 1 ] || sleep 1
done
exit "$outcome"
