# shellcheck shell=bash disable=SC2154
# To be sourced by omnibus/build. Puts together the directory that becomes a package.
#   read_package PACKAGE         sets what its package.sh says
#   stage PACKAGE ROOT           makes ROOT look as / is to look, but for caches
#   set_modes_and_times ROOT     as they are in the package

# program NAME MODULE MAIN_CLASS CACHE, link PATH TARGET, copy DIRECTORY FILE...: words of package.sh.
program() {
  programs+=("$*")
}

link() {
  links+=("$*")
}

copy() {
  copies+=("$*")
}

# shellcheck disable=SC2034
read_package() {
  programs=() links=() copies=() modules=() archives=() empty_directories=() optional_modules=()
  home='' summary='' description='' deb_section='' deb_depends='' deb_recommends='' deb_replaces=''
  rpm_requires=() rpm_recommends=() rpm_obsoletes=()
  # shellcheck disable=SC1090
  . "$definitions/$1/package.sh"
}

# directory_of MODULE: where it was built.
directory_of() {
  local candidate
  for candidate in "$source/src/$1" "$source/$1"; do
    if [ -f "$candidate/pom.xml" ]; then
      echo "$candidate"
      return 0
    fi
  done
  echo "There is no module $1." >&2
  return 1
}

# jars_of MODULE: its own jar, and then its libraries in the order of their names: a cache holds for one order only.
jars_of() {
  local target jar
  target=$(directory_of "$1")/target
  for jar in "$target/pushjobs-$1"-*.jar; do
    case $jar in *-tests.jar | *-sources.jar | *-javadoc.jar) continue ;; esac
    echo "$jar"
  done
  printf '%s\n' "$target"/lib/*.jar
}

# stage_program NAME MODULE MAIN_CLASS CACHE: its jars, among those of the others, its options and its launcher.
stage_program() {
  local embedded=$root$home/embedded jar class_path=
  mkdir -p "$embedded/lib" "$embedded/launch" "$root$home/bin"
  while IFS= read -r jar; do
    if [ -e "$embedded/lib/${jar##*/}" ] && ! cmp -s "$jar" "$embedded/lib/${jar##*/}"; then
      echo "Two jars have the name ${jar##*/}." >&2
      return 1
    fi
    cp "$jar" "$embedded/lib/"
    class_path+=:$home/embedded/lib/${jar##*/}
  done < <(jars_of "$2")
  # shellcheck disable=SC2046
  {
    printf '%s\n' $(jvm_flags "$source")
    sed '/^#/d' "$source/bin/lib/$2.options"
    printf '%s\n' "-Dpushjobs.rubyconfig.home=$home/embedded/evaluator" "-cp ${class_path#:}"
  } >"$embedded/launch/$1.options"
  cp "$source/bin/lib/locale.sh" "$embedded/launch/"
  sed "s|@HOME@|$home|g; s|@PROGRAM@|$1|g; s|@MAIN_CLASS@|$3|g; s|@PACKAGE@|$package|g" \
    "$source/omnibus/lib/launcher.in" >"$root$home/bin/$1"
  chmod 755 "$root$home/bin/$1"
}

# has_evaluator: whether a program of the package reads files in Ruby syntax.
has_evaluator() {
  compgen -G "$root$home/embedded/lib/pushjobs-rubyconfig-*.jar" >/dev/null
}

stage_evaluator() {
  local evaluator=$root$home/embedded/evaluator
  cp -r "$source/src/rubyconfig/target/evaluator" "$evaluator"
  rm -f "$evaluator"/*.aot
}

# check_modules: whether the runtime has every module that jdeps finds in the jars, but for the optional ones.
check_modules() {
  local jars=("$root$home"/embedded/lib/*.jar) needed present module missing=()
  if has_evaluator; then
    jars+=("$root$home"/embedded/evaluator/lib/*.jar)
  fi
  # It says before what it thinks of packages that are in several jars.
  needed=$("$JAVA_HOME/bin/jdeps" --multi-release "$jdk_feature_version" --ignore-missing-deps --print-module-deps \
    "${jars[@]}" | tail -n 1)
  present=$("$root$home/embedded/jre/bin/java" --list-modules)
  for module in ${needed//,/ }; do
    if ! grep -q "^$module@" <<<"$present" && [[ " ${optional_modules[*]} " != *" $module "* ]]; then
      missing+=("$module")
    fi
  done
  if [ ${#missing[@]} -gt 0 ]; then
    echo "The Java runtime of $package lacks ${missing[*]}: see 'modules' in its package.sh." >&2
    return 1
  fi
}

# stage_copy DIRECTORY FILE...: files of the checkout, which may be run where they may be run there.
stage_copy() {
  local directory=$root$1 file
  shift
  mkdir -p "$directory"
  for file in "$@"; do
    cp "$source/$file" "$directory/"
  done
}

stage_runtime() {
  (
    IFS=,
    "$JAVA_HOME/bin/jlink" --add-modules "${modules[*]}" --no-header-files --no-man-pages \
      --output "$root$home/embedded/jre"
  )
  keep_providers "$root$home/embedded/jre"
}

# keep_providers RUNTIME: takes providers of cryptography out of its settings whose modules it does not have. Java would look for
# them among all jars, and load all of Bouncy Castle on the way: 28 MB more for an agent.
keep_providers() {
  local settings=$1/conf/security/java.security present missing
  declare -A module_of=(
    [JdkLDAP]=java.naming [JdkSASL]=jdk.security.jgss [SunJGSS]=java.security.jgss [SunPCSC]=java.smartcardio
    [SunPKCS11]=jdk.crypto.cryptoki [SunSASL]=java.security.sasl [XMLDSig]=java.xml.crypto
  )
  present=$("$1/bin/java" --list-modules)
  missing=$(for provider in "${!module_of[@]}"; do
    grep -q "^${module_of[$provider]}@" <<<"$present" || printf '%s ' "$provider"
  done)
  # They are numbered without gaps.
  awk -v missing="$missing" '
    BEGIN { count = split(missing, names, " "); for (i = 1; i <= count; i++) absent[names[i]] = 1 }
    /^security\.provider\.[0-9]+=/ {
      name = $0; sub(/^[^=]*=/, "", name)
      if (!(name in absent)) print "security.provider." ++number "=" name
      next
    }
    { print }' "$settings" >"$settings.new"
  mv "$settings.new" "$settings"
}

# stage_lists: what it is made of.
stage_lists() {
  local boms=() jars=(--jars "$root$home/embedded/lib") bom
  for bom in "$source"/src/*/target/bom.json "$source"/*/target/bom.json; do
    [ ! -f "$bom" ] || boms+=(--bom "$bom")
  done
  [ ! -d "$root$home/embedded/evaluator/lib" ] || jars+=(--jars "$root$home/embedded/evaluator/lib")
  packager contents --name "$package" --version "$version" --revision "$revision" --description "$summary" \
    --time "$SOURCE_DATE_EPOCH" "${boms[@]}" --java "$JAVA_HOME" "${jars[@]}" --out "$root$home"
}

# packager ARGUMENT...: the Java program beside this script.
packager() {
  local target=$source/omnibus/packager/target
  "$JAVA_HOME/bin/java" -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED -Dslf4j.internal.verbosity=ERROR \
    -cp "$(printf '%s:' "$target"/pushjobs-packager-*.jar "$target"/lib/*.jar)" org.pushjobs.packager.Packager "$@"
}

stage() {
  local package=$1 root=$2 entry
  rm -rf "$root"
  mkdir -p "$root$home"
  if [ -d "$definitions/$package/files" ]; then
    cp -r "$definitions/$package/files/." "$root/"
  fi
  cp "$source/LICENSE" "$root$home/"
  for entry in "${programs[@]}"; do
    # Unquoted on purpose: the words of package.sh.
    # shellcheck disable=SC2086
    stage_program $entry
  done
  if has_evaluator; then
    stage_evaluator
  fi
  for entry in "${copies[@]}"; do
    # shellcheck disable=SC2086
    stage_copy $entry
  done
  for entry in "${empty_directories[@]}"; do
    mkdir -p "$root$entry"
  done
  for entry in "${links[@]}"; do
    mkdir -p "$root$(dirname "${entry% *}")"
    ln -s "${entry#* }" "$root${entry% *}"
  done
  stage_runtime
  check_modules
  stage_lists
  set_modes_and_times "$root"
}

# set_modes_and_times ROOT: nobody but the owner writes; all times are that of the commit.
set_modes_and_times() {
  chmod -R u=rwX,go=rX "$1"
  find "$1" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
}
