# shellcheck shell=bash
# To be sourced by the launchers: starts a program of this checkout. What runs at each start calls no other programs where bash
# can do without: they would take longer than all the rest.
#   launch MODULE MAIN_CLASS JVM_OPTION... -- ARGUMENT...
# The module is in src, or beside it. It uses the cache (AOT) with which starts are quicker, target/start-VERSION.aot of the
# module, where there is one that is newer than the build. Where the variable "rehearsal" names a class of the module, that class is run, in the background, to make
# the cache when it is missing.
#   jvm_options MODULE  prints the options that the JVM gets for that program, from MODULE.options; packages use them, too

# shellcheck source=bin/lib/jdk.sh
. "${BASH_SOURCE[0]%/*}/jdk.sh"
# shellcheck source=bin/lib/locale.sh
. "${BASH_SOURCE[0]%/*}/locale.sh"

jvm_options() {
  local line
  while IFS= read -r line; do
    case $line in
      '#'*) ;;
      *) printf '%s\n' "$line" ;;
    esac
  done <"${BASH_SOURCE[0]%/*}/$1.options"
}

# cache_of DIRECTORY: the cache of the programs in it, which need not be there.
cache_of() {
  echo "$1/start-$(jdk_version "$JAVA_HOME").aot"
}

# cache_fits CACHE: whether it is there and newer than the programs beside it.
cache_fits() {
  local directory=${1%/*} file
  [ -f "$1" ] || return 1
  for file in "$directory"/*.jar "$directory/lib" "$directory"/lib/*; do
    [ ! "$file" -nt "$1" ] || return 1
  done
}

# use_cache DIRECTORY: puts the option for a cache that fits into aot_options; else has one made where there is a rehearsal.
use_cache() {
  local cache
  cache=$(cache_of "$1")
  aot_options=()
  if cache_fits "$cache"; then
    # An empty one is left where it could not be made.
    if [ -s "$cache" ]; then
      aot_options=("-XX:AOTCache=$cache")
    fi
  elif [ -n "${rehearsal:-}" ] && [ -w "$1" ] && command -v flock >/dev/null; then
    # Twice in the background: the program that replaces this shell is to have no child that it does not know.
    (make_cache "$cache" </dev/null >/dev/null 2>&1 &)
  fi
}

# make_cache FILE: runs the rehearsal and puts the cache into its place when it is complete; only one at a time does.
make_cache() {
  local cache=$1 scratch
  trap '' HUP INT
  exec 9>"$cache.lock"
  flock -n 9 || exit 0
  scratch=$(mktemp -d)
  : >"$cache.new"
  nice "${java_command[@]}" "-XX:AOTCacheOutput=$cache.new" -cp "$class_path" "$rehearsal" "$scratch" || : >"$cache.new"
  # It must not be older than what was there when it was begun, nor newer than what came meanwhile.
  touch -r "$scratch" "$cache.new"
  mv -f "$cache.new" "$cache"
  rm -rf "$scratch"
}

# launch: replaces this shell by the JVM, so that its pid and signals are the program's.
launch() {
  local module=$1 main_class=$2 root jar newest='' target options=() aot_options=() java_command libraries class_path
  shift 2
  while [ "$1" != -- ]; do
    options+=("$1")
    shift
  done
  shift
  root=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd)
  target=$root/src/$module/target
  [ -d "$root/src/$module" ] || target=$root/$module/target
  for jar in "$target/pushjobs-$module"-*.jar; do
    case $jar in *-tests.jar | *-sources.jar | *-javadoc.jar) continue ;; esac
    if [ -f "$jar" ] && { [ -z "$newest" ] || [ "$jar" -nt "$newest" ]; }; then
      newest=$jar
    fi
  done
  if [ -z "$newest" ] || [ ! -d "$target/lib" ]; then
    echo "The $module is not built yet: run bin/demo, or mvn package, first." >&2
    exit 1
  fi
  require_jdk
  use_utf8
  # Named one by one: a cache holds for one class path only.
  printf -v libraries ':%s' "$target"/lib/*.jar
  class_path=$newest$libraries
  # Unquoted on purpose: several flags in one property.
  # shellcheck disable=SC2207
  java_command=("$JAVA_HOME/bin/java" $(jvm_flags "$root") "${options[@]}"
    "-Dpushjobs.rubyconfig.home=$root/src/rubyconfig/target/evaluator")
  use_cache "$target"
  exec "${java_command[@]}" "${aot_options[@]}" -cp "$class_path" "$main_class" "$@"
}
