#!/usr/bin/env bash
# Checks of launch.sh's cache with a made-up program and JDK in a temporary directory. Called by bin/test.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
checks=0
failures=0
target=$root/src/tool/target
cache=$target/start-25.0.9.aot

mkdir -p "$root/bin/lib" "$target/lib" "$root/jdk/bin"
cp "$here/launch.sh" "$here/jdk.sh" "$here/locale.sh" "$root/bin/lib/"
echo '<jvm.flags>--flag</jvm.flags>' >"$root/pom.xml"
echo 'JAVA_VERSION="25.0.9"' >"$root/jdk/release"
printf '#!/bin/sh\n' >"$root/jdk/bin/javac"
# Shows its arguments; makes the cache that it is asked for, slowly, or fails where the file "broken" says so.
cat >"$root/jdk/bin/java" <<'JAVA'
#!/usr/bin/env bash
for argument in "$@"; do
  case $argument in
    -XX:AOTCacheOutput=*)
      echo made >>"$(dirname "$0")/../made"
      sleep 0.5
      [ ! -e "$(dirname "$0")/../broken" ] || exit 1
      echo cache >"${argument#*=}"
      exit 0
      ;;
  esac
done
echo "$*"
JAVA
chmod +x "$root/jdk/bin/java" "$root/jdk/bin/javac"

# start ARGUMENT...: with a rehearsal.
start() (
  # shellcheck disable=SC2034
  rehearsal=Rehearsal
  start_without_rehearsal "$@"
)

start_without_rehearsal() (
  # shellcheck source=bin/lib/launch.sh
  . "$root/bin/lib/launch.sh"
  export JAVA_HOME=$root/jdk
  launch tool Main -Xmx1m -- "$@"
)

# build: makes the jars anew, a second older than now so that what comes after is newer.
build() {
  touch -d '1 second ago' "$target/pushjobs-tool-1.jar" "$target/lib/a.jar" "$target/lib"
  touch -d '2 seconds ago' "$target"
}

# check NAME EXPECTED ACTUAL
check() {
  checks=$((checks + 1))
  if [ "$2" != "$3" ]; then
    echo "FAILED $1: '$3' instead of '$2'"
    failures=$((failures + 1))
  fi
}

# await_made COUNT: until the cache was made so often and is in its place.
await_made() {
  local deadline=$((SECONDS + 30))
  until [ "$(wc -l <"$root/jdk/made")" -ge "$1" ] && flock -n "$cache.lock" true; do
    [ "$SECONDS" -lt "$deadline" ] || { echo "FAILED: no cache was made $1 times" && exit 1; }
    sleep 0.05
  done
}

: >"$root/jdk/made"
common="--flag -Xmx1m -Dpushjobs.rubyconfig.home=$root/src/rubyconfig/target/evaluator"
plain="$common -cp $target/pushjobs-tool-1.jar:$target/lib/a.jar Main one two"
cached="$common -XX:AOTCache=$cache -cp $target/pushjobs-tool-1.jar:$target/lib/a.jar Main one two"

build
for _ in 1 2 3 4 5; do
  start one two >>"$root/first" &
done
wait
check 'starts before there is a cache do without' "$plain" "$(sort -u "$root/first")"
await_made 1
check 'concurrent starts make one cache' 1 "$(wc -l <"$root/jdk/made")"
check 'later starts use it' "$cached" "$(start one two)"
check 'those of programs without a rehearsal, too' "$cached" "$(start_without_rehearsal one two)"
touch "$target/lib/a.jar"
touch -d '5 seconds ago' "$cache"
rm "$cache.lock"
check 'a newer jar makes it useless' "$plain" "$(start_without_rehearsal one two)"
sleep 0.3
check 'and nobody makes it again without a rehearsal' '' "$(find "$cache.lock" 2>/dev/null)"
check 'but with one' "$plain" "$(start one two)"
await_made 2
build
touch "$cache"
check 'and lets it be made again' "$cached" "$(start one two)"
touch "$root/jdk/broken"
touch -d '5 seconds ago' "$cache"
check 'a start whose cache cannot be made works' "$plain" "$(start one two)"
await_made 3
check 'and later ones do' "$plain" "$(start one two)"
check 'without trying again' 3 "$(wc -l <"$root/jdk/made")"

# locale_of ASSIGNMENT...: what the program gets as LC_ALL and PUSHJOBS_LC_ALL when the environment is only this.
locale_of() {
  env -i PATH="$PATH" JAVA_HOME="$root/jdk" "$@" bash -c '
    . "$0/bin/lib/launch.sh"
    printf "#!/usr/bin/env bash\necho \"\$LC_ALL|\${PUSHJOBS_LC_ALL-none}\"\n" >"$0/jdk/bin/java"
    launch tool Main --' "$root" 2>/dev/null
}

check 'no locale becomes UTF-8' 'C.UTF-8|' "$(locale_of)"
check 'C becomes UTF-8' 'C.UTF-8|C' "$(locale_of LC_ALL=C)"
check 'a locale that is not installed becomes UTF-8' 'C.UTF-8|xx_XX.UTF-8' "$(locale_of LC_ALL=xx_XX.UTF-8)"
check 'one part that is not installed is enough' 'C.UTF-8|' "$(locale_of LC_CTYPE=C.UTF-8 LANG=xx_XX.UTF-8)"
check 'UTF-8 stays it' 'C.UTF-8|C.UTF-8' "$(locale_of LC_ALL=C.UTF-8)"
# chosen AVAILABLE...: the LC_ALL that is chosen where only these are locales of UTF-8.
chosen() (
  # shellcheck source=bin/lib/launch.sh
  . "$root/bin/lib/launch.sh"
  is_utf8() { [[ " $available " == *" $1 "* ]]; }
  locale() { printf '%s\n' C POSIX fr_FR.utf8; }
  available=$*
  unset LC_ALL
  use_utf8 2>/dev/null
  echo "${LC_ALL-none}"
)

check 'without a locale of UTF-8 none is set' none "$(chosen)"
check 'without C.UTF-8 another one is taken' fr_FR.utf8 "$(chosen fr_FR.utf8)"
check 'American English before that' en_US.UTF-8 "$(chosen fr_FR.utf8 en_US.UTF-8)"

if [ "$failures" -gt 0 ]; then
  echo "launch-test.sh: $failures of $checks checks failed"
  exit 1
fi
echo "launch-test.sh: $checks checks passed"
