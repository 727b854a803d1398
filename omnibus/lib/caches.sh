# shellcheck shell=bash disable=SC2154
# To be sourced by omnibus/build, after stage.sh. What the Java runtime writes down to start quicker. It fits one runtime, one
# class path and one set of options only, so it is made where the package will be installed.
#   make_caches ROOT                     those that are not there
#   take_caches PACKAGE ROOT DIRECTORY   takes those of the .deb file in DIRECTORY

# at_home COMMAND...: runs it where ROOT is what is installed.
at_home() {
  "$here/lib/installed.sh" "$root" "$@"
}

# cache_program NAME MODULE MAIN_CLASS CACHE
cache_program() {
  local file=$home/embedded/launch/$1.aot
  if [ "$4" = none ] || [ -f "$root$file" ]; then
    return 0
  fi
  if [ "$4" = fleet ]; then
    # shellcheck disable=SC2016
    at_home bash -c '. "$1/bin/lib/launch.sh"
      launch simulator org.pushjobs.simulator.bench.Rehearsal -- --checkout "$1" --server "$2" --cache "$3"' \
      rehearse "$source" "$home/bin/$1" "$file" >"$work/$1.rehearsal.log" 2>&1 ||
      { tail -n 20 "$work/$1.rehearsal.log" >&2 && return 1; }
  else
    local scratch
    scratch=$(mktemp -d)
    at_home "$home/embedded/jre/bin/java" "@$home/embedded/launch/$1.options" "-XX:AOTCacheOutput=$file" "$4" "$scratch" \
      </dev/null >"$work/$1.rehearsal.log" 2>&1 || { tail -n 20 "$work/$1.rehearsal.log" >&2 && return 1; }
    rm -rf "$scratch"
  fi
  rm -f "$root$file".*
  # The JVM does without a cache that it could not make, so its exit status does not tell.
  [ -s "$root$file" ] || { echo "The cache of $1 was not made." >&2 && return 1; }
}

make_caches() {
  local root=$1 java=$home/embedded/jre/bin/java entry
  for entry in "${archives[@]}"; do
    at_home "$java" "$entry" -Xshare:dump >/dev/null
  done
  if has_evaluator && [ ! -f "$root$home/embedded/evaluator/evaluator.aot" ]; then
    # shellcheck disable=SC2016
    at_home bash -c 'exec "$0" -cp "$1/lib/*" org.pushjobs.rubyconfig.MakeCache "$1/evaluator"' \
      "$java" "$home/embedded" </dev/null
  fi
  for entry in "${programs[@]}"; do
    # Unquoted on purpose: the words of package.sh.
    # shellcheck disable=SC2086
    cache_program $entry
  done
}

take_caches() {
  local root=$2 deb
  deb=$3/$1_$version-${iteration}_amd64.deb
  [ -f "$deb" ] || { echo "There is no $deb to take caches from." >&2 && return 1; }
  dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$root" --no-same-owner --wildcards '*.aot'
}
