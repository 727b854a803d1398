# shellcheck shell=bash disable=SC2154
# To be sourced by omnibus/build, after stage.sh. Writes what was staged as packages; root owns everything in them.
#   write_rpm PACKAGE ROOT OUT
#   write_deb PACKAGE ROOT OUT    adds to ROOT what only Debian has, so it comes last

iteration=1
# Whom the packages name, unless omnibus/build is told: a package has to name an address, and nobody can ever own one in "invalid"
# (RFC 2606), so none is made up here.
maintainer=${maintainer:-Push Jobs maintainers <maintainers@pushjobs.invalid>}

# scripts_of PACKAGE: its maintainer scripts, one a line.
scripts_of() {
  compgen -G "$definitions/$1/scripts/*" || true
}

# rpm_script PACKAGE SCRIPT: writes that maintainer script in RPM's manner, and prints the option for it. RPM counts how many versions
# will be installed where Debian has words.
rpm_script() {
  local file=$work/$1.$2 option counted
  # The shell of the script expands them.
  # shellcheck disable=SC2016
  case $2 in
    postinst) option=--post counted='if [ "$1" -gt 1 ]; then set -- configure upgraded; else set -- configure; fi' ;;
    prerm) option=--preun counted='if [ "$1" -eq 0 ]; then set -- remove; else set -- upgrade; fi' ;;
    postrm) option=--postun counted='if [ "$1" -eq 0 ]; then set -- remove; else set -- upgrade; fi' ;;
  esac
  echo "$counted" >"$file"
  sed 1d "$definitions/$1/scripts/$2" >>"$file"
  printf '%s\n%s\n' "$option" "$file"
}

# options OPTION VALUE...: the option before each value, one a line.
options() {
  local option=$1 value
  shift
  for value in "$@"; do
    printf '%s\n%s\n' "$option" "$value"
  done
}

write_rpm() {
  local script arguments=()
  while IFS= read -r script; do
    mapfile -t -O ${#arguments[@]} arguments < <(rpm_script "$1" "${script##*/}")
  done < <(scripts_of "$1")
  mapfile -t -O ${#arguments[@]} arguments < <(
    options --requires "${rpm_requires[@]}"
    options --recommends "${rpm_recommends[@]}"
    options --obsoletes "${rpm_obsoletes[@]}"
    options --conflicts "${rpm_obsoletes[@]}"
  )
  packager rpm --root "$2" --out "$3/$1-$version-$iteration.x86_64.rpm" --name "$1" --version "$version" \
    --release "$iteration" --summary "$summary" --description "$description" --license Apache-2.0 --packager "$maintainer" \
    --time "$SOURCE_DATE_EPOCH" "${arguments[@]}"
}

# debian_documents PACKAGE ROOT: what Debian's policy asks for.
debian_documents() {
  local directory=$2/usr/share/doc/$1
  mkdir -p "$directory" "$2/usr/share/lintian/overrides"
  {
    echo 'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/'
    echo 'Upstream-Name: Push Jobs'
    echo
    echo 'Files: *'
    echo 'Copyright: 2026 the authors of Push Jobs'
    echo 'License: Apache-2.0'
    echo " The text is in /usr/share/common-licenses/Apache-2.0 and $home/LICENSE."
    echo
    echo "Files: ${home#/}/embedded/jre/*"
    echo 'Copyright: Oracle and others'
    echo 'License: GPL-2.0 with Classpath exception'
    echo " The texts are in $home/embedded/jre/legal."
    echo
    echo "Files: ${home#/}/embedded/*.jar"
    echo 'Copyright: their authors'
    echo 'License: several'
    echo " $home/version-manifest.txt names the licence of each; their texts are in the jars."
  } >"$directory/copyright"
  {
    echo "$1 ($version-$iteration) unstable; urgency=medium"
    echo
    echo "  * Commit $revision."
    echo
    echo " -- $maintainer  $(TZ=UTC0 date -R -d "@$SOURCE_DATE_EPOCH")"
  } | gzip -9n >"$directory/changelog.Debian.gz"
  sed "s/@PACKAGE@/$1/" "$source/omnibus/lib/lintian-overrides.in" >"$2/usr/share/lintian/overrides/$1"
}

# installed_kibibytes ROOT: as Debian's tools count.
installed_kibibytes() {
  find "$1" -path "$1/DEBIAN" -prune -o -mindepth 1 \( -type f -printf '%s\n' -o -printf '1\n' \) |
    awk '{ sum += int(($1 + 1023) / 1024) } END { print sum }'
}

# control PACKAGE ROOT
control() {
  printf '%s: %s\n' Package "$1" Version "$version-$iteration" Architecture amd64 Maintainer "$maintainer" \
    Installed-Size "$(installed_kibibytes "$2")" Depends "$deb_depends"
  if [ -n "$deb_recommends" ]; then
    echo "Recommends: $deb_recommends"
  fi
  if [ -n "$deb_replaces" ]; then
    printf '%s: %s\n' Conflicts "$deb_replaces" Replaces "$deb_replaces"
  fi
  printf '%s: %s\n' Section "$deb_section" Priority optional Description "$summary"
  tr '\n' ' ' <<<"$description" | fold -s -w 72 | sed 's/^/ /; s/ *$//'
  echo
}

write_deb() {
  local script
  debian_documents "$1" "$2"
  mkdir "$2/DEBIAN"
  control "$1" "$2" >"$2/DEBIAN/control"
  while IFS= read -r script; do
    cp "$script" "$2/DEBIAN/"
  done < <(scripts_of "$1")
  (cd "$2" && find . -path ./DEBIAN -prune -o -type f -printf '%P\0' | sort -z | xargs -0 md5sum) >"$2/DEBIAN/md5sums"
  set_modes_and_times "$2"
  dpkg-deb --root-owner-group -Zzstd --build "$2" "$3/$1_$version-${iteration}_amd64.deb" >/dev/null
}
