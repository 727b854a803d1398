#!/usr/bin/env bash
# Checks of jdk.sh with made-up JDKs in a temporary directory. Called by bin/test.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
checks=0
failures=0

# fake_java DIR VERSION PROGRAM...: a directory that looks like a Java of that version.
fake_java() {
  local directory=$1 version=$2
  shift 2
  mkdir -p "$directory/bin"
  printf 'IMPLEMENTOR="Nobody"\nJAVA_VERSION="%s"\nJAVA_VERSION_DATE="2026-01-01"\n' "$version" >"$directory/release"
  local program
  for program in "$@"; do
    printf '#!/bin/sh\n' >"$directory/bin/$program"
    chmod +x "$directory/bin/$program"
  done
}

# found_jdk JAVA_HOME PATTERN...: what require_jdk settles on (or says) when it may look at these places only.
found_jdk() (
  JAVA_HOME=$1
  shift
  places=("$@")
  # shellcheck source=bin/lib/jdk.sh
  . "$here/jdk.sh"
  jdk_places() { printf '%s\n' "${places[@]}"; }
  require_jdk 2>&1
  bash -c 'printf "%s" "$JAVA_HOME"'
)

# found_maven DIRECTORY PATTERN...: the same for require_maven, with only this directory on the PATH.
found_maven() (
  PATH=$1:$scratch/tools
  shift
  places=("$@")
  # shellcheck source=bin/lib/jdk.sh
  . "$here/jdk.sh"
  maven_places() { printf '%s\n' "${places[@]}"; }
  require_maven 2>&1
  printf '%s' "$MVN"
)

# check NAME EXPECTED_STATUS EXPECTED_TEXT COMMAND...: the output is the text, or contains it when the command fails.
check() {
  local name=$1 status=$2 text=$3 output actual=0
  shift 3
  checks=$((checks + 1))
  output=$("$@") || actual=$?
  if [ "$actual" -ne "$status" ]; then
    echo "FAILED $name: exit $actual instead of $status: $output"
  elif [ "$status" -eq 0 ] && [ "$output" != "$text" ]; then
    echo "FAILED $name: '$output' instead of '$text'"
  elif [[ "$output" != *"$text"* ]]; then
    echo "FAILED $name: '$text' is not in: $output"
  else
    return 0
  fi
  failures=$((failures + 1))
}

mkdir -p "$scratch/tools" "$scratch/empty" "$scratch/jvm/not-java"
for tool in sed grep cat; do ln -s "$(command -v "$tool")" "$scratch/tools/$tool"; done
fake_java "$scratch/jvm/a-17" 17.0.15 java javac
fake_java "$scratch/jvm/b-25-runtime" 25.0.3 java
fake_java "$scratch/jvm/c 25" 25.0.3 java javac
fake_java "$scratch/jvm/d-250" 250.1 java javac
fake_java "$scratch/elsewhere/25" 25 java javac
fake_java "$scratch/old/17" 17.0.15 java javac
fake_java "$scratch/old/250" 250.1 java javac
fake_java "$scratch/runtime/25" 25.0.3 java
mkdir -p "$scratch/maven/bin"
printf '#!/bin/sh\n' >"$scratch/maven/bin/mvn"
chmod +x "$scratch/maven/bin/mvn"

check 'JAVA_HOME of a JDK 25 is kept' 0 "$scratch/elsewhere/25" found_jdk "$scratch/elsewhere/25" "$scratch/jvm/*"
check 'the scan finds JDK 25 among others' 0 "$scratch/jvm/c 25" found_jdk '' "$scratch/empty/*" "$scratch/jvm/*"
check 'JAVA_HOME of 17 is passed over' 0 "$scratch/jvm/c 25" found_jdk "$scratch/old/17" "$scratch/jvm/*"
check 'JAVA_HOME of a runtime is passed over' 0 "$scratch/jvm/c 25" found_jdk "$scratch/runtime/25" "$scratch/jvm/*"
check 'JAVA_HOME that is gone is passed over' 0 "$scratch/jvm/c 25" found_jdk "$scratch/gone" "$scratch/jvm/*"
check 'none at all is said' 1 'JDK 25 is missing' found_jdk '' "$scratch/empty/*"
check 'where it looked is said' 1 "$scratch/empty/*" found_jdk '' "$scratch/empty/*"
check 'what to install is said' 1 'Install a JDK 25' found_jdk '' "$scratch/empty/*"
check 'the wrong JAVA_HOME is named with its version' 1 "JAVA_HOME=$scratch/old/17 (version 17.0.15)" \
  found_jdk "$scratch/old/17" "$scratch/empty/*"
check '250 is not 25' 1 "$scratch/old/250 (version 250.1)" found_jdk '' "$scratch/old/*"
check 'a runtime without javac is named' 1 "$scratch/runtime/25 (version 25.0.3, but a runtime only: no bin/javac)" \
  found_jdk '' "$scratch/runtime/*"
check 'Maven on the PATH is taken' 0 "$scratch/maven/bin/mvn" found_maven "$scratch/maven/bin" "$scratch/empty/*"
check 'Maven is found in its places' 0 "$scratch/maven/bin/mvn" found_maven "$scratch/empty" "$scratch/ma*"
check 'Maven that is missing is said' 1 'Maven is missing' found_maven "$scratch/empty" "$scratch/empty/*"

if [ "$failures" -gt 0 ]; then
  echo "jdk-test.sh: $failures of $checks checks failed"
  exit 1
fi
echo "jdk-test.sh: $checks checks passed"
