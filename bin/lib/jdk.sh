# shellcheck shell=bash
# To be sourced. Finds what a build or a start needs and says plainly what is missing.
#   require_jdk    exports JAVA_HOME of a JDK 25, or exits with 1
#   require_maven  sets MVN to the Maven command, or exits with 1
#   jvm_flags ROOT prints the flags that JDK 25 needs to run our libraries (and Maven's) without warnings

jdk_feature_version=25

# Patterns of the directories searched after JAVA_HOME, one a line.
jdk_places() {
  printf '%s\n' '/usr/lib/jvm/*' '/opt/*' "${HOME:-/nonexistent}/.sdkman/candidates/java/*"
}

# Where Maven may be when it is not on the PATH.
maven_places() {
  printf '%s\n' "${MAVEN_HOME:-/nonexistent}" '/usr/share/maven' '/opt/*maven*' \
    "${HOME:-/nonexistent}/.sdkman/candidates/maven/*"
}

# jdk_version DIR: prints the version that the Java in DIR says it has, nothing when there is none.
jdk_version() {
  local line
  [ -r "$1/release" ] || return 0
  while IFS= read -r line || [ -n "$line" ]; do
    if [[ $line =~ ^JAVA_VERSION=\"(.*)\"[[:space:]]*$ ]]; then
      echo "${BASH_REMATCH[1]}"
      return 0
    fi
  done <"$1/release"
}

# is_jdk DIR: whether DIR holds a JDK (not just a runtime) of the right feature version.
is_jdk() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 1
  [[ "$(jdk_version "$1")" =~ ^${jdk_feature_version}([.+-]|$) ]]
}

# why_not_jdk DIR: says why is_jdk refused DIR.
why_not_jdk() {
  local version
  version=$(jdk_version "$1")
  if [ ! -d "$1" ]; then
    echo 'no such directory'
  elif [ ! -x "$1/bin/java" ]; then
    echo 'no bin/java'
  elif [ -z "$version" ]; then
    echo 'no readable release file, so no version'
  elif [[ "$version" =~ ^${jdk_feature_version}([.+-]|$) ]]; then
    echo "version $version, but a runtime only: no bin/javac"
  else
    echo "version $version"
  fi
}

# directories_of PLACES: prints the directories that the patterns of the function PLACES match, one a line.
directories_of() {
  local pattern directory IFS=
  while read -r pattern; do
    # Unquoted on purpose: here the pattern becomes names.
    # shellcheck disable=SC2231
    for directory in $pattern; do
      [ -d "$directory" ] && printf '%s\n' "$directory"
    done
  done < <("$1")
  return 0
}

require_jdk() {
  local directory seen=()
  if [ -n "${JAVA_HOME:-}" ]; then
    if is_jdk "$JAVA_HOME"; then
      export JAVA_HOME
      return 0
    fi
    seen+=("JAVA_HOME=$JAVA_HOME ($(why_not_jdk "$JAVA_HOME"))")
  else
    seen+=('JAVA_HOME (not set)')
  fi
  while IFS= read -r directory; do
    if is_jdk "$directory"; then
      export JAVA_HOME=$directory
      return 0
    fi
    # Many things that are no Java live in /opt.
    if [ -x "$directory/bin/java" ]; then
      seen+=("$directory ($(why_not_jdk "$directory"))")
    fi
  done < <(directories_of jdk_places)
  {
    echo "JDK $jdk_feature_version is missing. Looked at:"
    printf '  %s\n' "${seen[@]}"
    echo 'and in:'
    jdk_places | sed 's/^/  /'
    echo "Install a JDK $jdk_feature_version (with javac), for example Eclipse Temurin (package temurin-$jdk_feature_version-jdk,"
    echo 'https://adoptium.net), or set JAVA_HOME to the directory of one.'
  } >&2
  exit 1
}

require_maven() {
  local directory
  if MVN=$(command -v mvn); then
    return 0
  fi
  while IFS= read -r directory; do
    if [ -x "$directory/bin/mvn" ]; then
      MVN=$directory/bin/mvn
      return 0
    fi
  done < <(directories_of maven_places)
  {
    echo 'Maven is missing: there is no mvn on the PATH nor in:'
    maven_places | grep -v '^/nonexistent' | sed 's/^/  /'
    echo 'Install Maven 3.8 or later (on Debian: apt-get install maven), or put its bin directory on the PATH.'
  } >&2
  exit 1
}

jvm_flags() {
  local pom flags='<jvm\.flags>([^<]*)</jvm\.flags>'
  pom=$(<"$1/pom.xml")
  if [[ $pom =~ $flags ]]; then
    echo "${BASH_REMATCH[1]}"
  fi
}
