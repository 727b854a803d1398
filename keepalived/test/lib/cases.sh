# shellcheck shell=bash disable=SC2034
# To be sourced: the cases, in their order, and what a round of each needs.
cases_of_all=(kill stop links partition twice database-5s database-60s database-frozen database-links replica frontend clock
  suspend spread alone)
# Those that take long.
cases_by_name=(database-10min)
# Those that need another version.
cases_of_versions=(upgrade)

# world_of CASE: what the case happens in; cases of one world are done in one.
#   pair        two backends and a database
#   replicated  with a database that has a replica
#   clocks      with backends whose clocks can be set
#   versions    with backends that begin with the other version
#   spread      two backends with agents each, and no virtual address
#   alone       one backend
world_of() {
  case $1 in
    replica) echo replicated ;;
    clock | suspend) echo clocks ;;
    upgrade) echo versions ;;
    spread | alone) echo "$1" ;;
    *) echo pair ;;
  esac
}

# is_case NAME
is_case() {
  local name
  for name in "${cases_of_all[@]}" "${cases_by_name[@]}" "${cases_of_versions[@]}"; do
    [ "$name" != "$1" ] || return 0
  done
  return 1
}

# needs_other CASE: whether another version has to be named for it.
needs_other() {
  case $1 in
    upgrade) ;;
    *) return 1 ;;
  esac
}

# keeps_servers CASE: whether no server may be started anew in it.
keeps_servers() {
  case $1 in
    database-* | replica | frontend | clock | suspend) ;;
    *) return 1 ;;
  esac
}

# refuses CASE: whether the servers have to tell somebody that they cannot serve him.
refuses() {
  case $1 in
    database-*) ;;
    *) return 1 ;;
  esac
}

# goes_on CASE: whether one job follows another as long as something fails.
goes_on() {
  case $1 in
    alone | upgrade) ;;
    *) return 1 ;;
  esac
}
