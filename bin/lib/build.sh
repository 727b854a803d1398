# shellcheck shell=bash
# To be sourced after jdk.sh. Builds what the launchers start.
#   build_if_needed  leaves jars that are newer than every source and pom, or exits with Maven's status

# is_built ROOT: whether the last build by build_if_needed is younger than everything it was made from.
is_built() {
  local stamp=$1/target/launchers.stamp module
  [ -f "$stamp" ] || return 1
  for module in server agent workstation simulator; do
    compgen -G "$1/src/$module/target/pushjobs-$module-*.jar" >/dev/null || return 1
    [ -d "$1/src/$module/target/lib" ] || return 1
  done
  compgen -G "$1/ctl/target/pushjobs-ctl-*.jar" >/dev/null && [ -d "$1/ctl/target/lib" ] || return 1
  [ -f "$1/src/rubyconfig/target/evaluator/evaluator.rb" ] || return 1
  # Directories too: they become newer when a file in them is removed.
  [ -z "$(find "$1/pom.xml" "$1"/{src/*,ctl}/pom.xml "$1"/{src/*,ctl}/src/main -newer "$stamp" -print -quit)" ]
}

build_if_needed() {
  local root started
  root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
  if is_built "$root"; then
    return 0
  fi
  require_jdk
  require_maven
  echo "Building with JDK $jdk_feature_version at $JAVA_HOME (the first time Maven also fetches the libraries: some minutes) ..."
  mkdir -p "$root/target"
  started=$(mktemp "$root/target/build-started.XXXXXX")
  # Libraries of an earlier version would otherwise stay on the class path.
  rm -rf "$root"/{src/{server,agent,workstation,simulator},ctl}/target/lib
  # Style and tests are the business of bin/test.
  if ! (cd "$root" && MAVEN_OPTS="${MAVEN_OPTS:-} $(jvm_flags "$root")" \
    "$MVN" -B -ntp -q package -DskipTests -Dspotless.check.skip=true </dev/null); then
    rm -f "$started"
    echo 'The build failed; what Maven says is above.' >&2
    exit 1
  fi
  mv "$started" "$root/target/launchers.stamp"
}
