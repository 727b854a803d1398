# shellcheck shell=bash
# To be sourced after jdk.sh. Runs the JMH benchmarks, which are among the tests of their modules.
#   run_micro_benchmarks [JMH_OPTION...]  sets $micro_results to the files with the results, with commas between them

run_micro_benchmarks() {
  local root module classpath results
  local options=(-f 1 -wi 3 -w 1s -i 5 -r 1s)
  root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
  [ $# -eq 0 ] || options=("$@")
  require_maven
  mkdir -p "$root/target/bench"
  (cd "$root" && MAVEN_OPTS="${MAVEN_OPTS:-} $(jvm_flags "$root")" "$MVN" -B -ntp -q \
    -pl src/protocol,src/zmtp,src/server -am -DskipTests -Dspotless.check.skip=true \
    test-compile dependency:build-classpath -Dmdep.includeScope=test -Dmdep.outputFile=target/test.classpath </dev/null)
  micro_results=
  for module in protocol zmtp server; do
    classpath=$root/src/$module/target/test-classes:$root/src/$module/target/classes:$(<"$root/src/$module/target/test.classpath")
    results=$root/target/bench/micro-$module.json
    # Unquoted on purpose: several flags in one property.
    # shellcheck disable=SC2046
    "$JAVA_HOME/bin/java" $(jvm_flags "$root") -cp "$classpath" org.openjdk.jmh.Main \
      "${options[@]}" -rf json -rff "$results"
    micro_results=${micro_results:+$micro_results,}$results
  done
}
