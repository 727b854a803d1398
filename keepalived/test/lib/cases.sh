# shellcheck shell=bash disable=SC2034
# To be sourced: the cases, in their order, and what a round of each needs.
cases_of_all=(kill stop links partition twice database-5s database-60s database-frozen database-links replica frontend clock
  suspend alone)
# Those that take long.
cases_by_name=(database-10min)

# world_of CASE: what the case happens in; cases of one world are done in one.
#   pair        two backends and a database
#   replicated  with a database that has a replica
#   clocks      with backends whose clocks can be set
#   alone       one backend
world_of() {
  case $1 in
    replica) echo replicated ;;
    clock | suspend) echo clocks ;;
    alone) echo alone ;;
    *) echo pair ;;
  esac
}

# is_case NAME
is_case() {
  local name
  for name in "${cases_of_all[@]}" "${cases_by_name[@]}"; do
    [ "$name" != "$1" ] || return 0
  done
  return 1
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
    alone) ;;
    *) return 1 ;;
  esac
}
