# shellcheck shell=bash
# To be sourced by launchers, those of a checkout and those of packages.
#   use_utf8  sees to it that Java reads arguments, environment and names of files as UTF-8

# is_utf8 LOCALE: whether it is installed and its encoding is UTF-8, in which these five bytes are two characters.
is_utf8() {
  local text=$'\303\244\342\202\254' LC_ALL
  {
    # The first one counts when the second one cannot be had.
    LC_ALL=C
    LC_ALL=$1
  } 2>/dev/null
  [ "${#text}" -eq 2 ]
}

# other_utf8_locales: prints what may be such a locale on a system without C.UTF-8, one a line.
other_utf8_locales() {
  printf '%s\n' en_US.UTF-8 "${LC_ALL:-}" "${LC_CTYPE:-}" "${LANG:-}"
  locale -a 2>/dev/null | grep -i 'utf-\{0,1\}8' || true
}

# use_utf8: sets LC_ALL to a locale of UTF-8. Java takes the encoding of arguments, environment and names of files from the
# locale, and that is plain ASCII as soon as one of its parts is not installed. What LC_ALL was is kept in PUSHJOBS_LC_ALL, for
# the commands of jobs. Where there is no such locale the program says so.
use_utf8() {
  local candidate
  export PUSHJOBS_LC_ALL=${LC_ALL:-}
  if is_utf8 C.UTF-8; then
    export LC_ALL=C.UTF-8
    return 0
  fi
  while IFS= read -r candidate; do
    if [ -n "$candidate" ] && is_utf8 "$candidate"; then
      export LC_ALL=$candidate
      return 0
    fi
  done <<<"$(other_utf8_locales)"
}
