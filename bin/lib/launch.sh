# shellcheck shell=bash
# To be sourced by the launchers: starts a program of this checkout.
#   launch MODULE MAIN_CLASS JVM_OPTION... -- ARGUMENT...

# shellcheck source=bin/lib/jdk.sh
. "$(dirname "${BASH_SOURCE[0]}")/jdk.sh"

# launch: replaces this shell by the JVM, so that its pid and signals are the program's.
launch() {
  local module=$1 main_class=$2 root jar newest='' options=()
  shift 2
  while [ "$1" != -- ]; do
    options+=("$1")
    shift
  done
  shift
  root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
  for jar in "$root/src/$module/target/pushjobs-$module"-*.jar; do
    case $jar in *-tests.jar | *-sources.jar | *-javadoc.jar) continue ;; esac
    if [ -f "$jar" ] && { [ -z "$newest" ] || [ "$jar" -nt "$newest" ]; }; then
      newest=$jar
    fi
  done
  if [ -z "$newest" ] || [ ! -d "$root/src/$module/target/lib" ]; then
    echo "The $module is not built yet: run bin/demo, or mvn package, first." >&2
    exit 1
  fi
  require_jdk
  # Unquoted on purpose: several flags in one property.
  # shellcheck disable=SC2046
  exec "$JAVA_HOME/bin/java" $(jvm_flags "$root") "${options[@]}" \
    "-Dpushjobs.rubyconfig.home=$root/src/rubyconfig/target/evaluator" \
    -cp "$newest:$root/src/$module/target/lib/*" "$main_class" "$@"
}
