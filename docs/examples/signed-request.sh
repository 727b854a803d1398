#!/bin/sh
# Sends one signed request to a push jobs server and writes the body of its answer.
#
#   signed-request.sh METHOD PATH [OPTION OF CURL...]
#
# PATH is what comes after .../organizations/ORG/pushy/, with its query. The body of a POST or PUT comes from standard input.
# PUSHJOBS_SERVER_URL ends in /organizations/ORG; PUSHJOBS_USER is who asks, PUSHJOBS_KEY the file of that one's private key.
# Needs openssl, and curl 7.76 or later. Its status is curl's: 22 when the server refuses.
set -eu

if [ $# -lt 2 ]; then
  echo "usage: signed-request.sh METHOD PATH [OPTION OF CURL...]" >&2
  exit 2
fi
method=$1
url=${PUSHJOBS_SERVER_URL%/}/pushy/$2
shift 2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

case $method in
  POST | PUT)
    cat >"$work/body"
    set -- --data-binary "@$work/body" -H 'Content-Type: application/json' "$@"
    ;;
  *) : >"$work/body" ;;
esac

# The path is signed without the query.
path=/${url#*://*/}
path=${path%%\?*}
time=$(date -u +%Y-%m-%dT%H:%M:%SZ)
openssl dgst -sha256 -binary -out "$work/digest" "$work/body"
hash=$(openssl base64 -A -in "$work/digest")

printf '%s\n' "Method:$method" "Path:$path" "X-Ops-Content-Hash:$hash" 'X-Ops-Sign:version=1.3' \
  "X-Ops-Timestamp:$time" "X-Ops-UserId:$PUSHJOBS_USER" >"$work/text"
printf 'X-Ops-Server-API-Version:0' >>"$work/text"
openssl dgst -sha256 -sign "$PUSHJOBS_KEY" -out "$work/signature" "$work/text"

printf '%s\n' 'X-Ops-Sign: algorithm=sha256;version=1.3;' "X-Ops-UserId: $PUSHJOBS_USER" "X-Ops-Timestamp: $time" \
  "X-Ops-Content-Hash: $hash" >"$work/headers"
openssl base64 -A -in "$work/signature" | fold -w 60 |
  awk '{ print "X-Ops-Authorization-" NR ": " $0 }' >>"$work/headers"

curl -s -N -g --fail-with-body \
  -w '%{onerror}%{stderr}\nHTTP status %{http_code}, status %{exitcode} of curl\n' \
  -X "$method" -H "@$work/headers" "$@" "$url"
