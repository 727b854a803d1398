package org.pushjobs.agent.settings;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The environment variables with which whoever starts a job could have a node run, load or overwrite something else than its
 * whitelist names, by the way in which they do it. This is the one list of them; no such list can be complete, as every
 * program has variables of its own (docs/agent.md, "Variables of a job"). Its length is the list's, a name a line.
 */
public enum DangerousVariables {
    /** Those that the GNU C library itself passes over in privileged programs, in all its versions. */
    C_LIBRARY(
            "it has the C library load code, or read or write other files",
            "GCONV_PATH",
            "GETCONF_DIR",
            "GLIBC_TUNABLES",
            "HOSTALIASES",
            "LD_*",
            "LOCALDOMAIN",
            "LOCPATH",
            "MALLOC_*",
            "NIS_PATH",
            "NLSPATH",
            "RESOLV_HOST_CONF",
            "RES_OPTIONS",
            "TMPDIR",
            "TZDIR"),
    PROGRAMS(
            "it says which programs run",
            "AR",
            "AS",
            "CC",
            "CCACHE_*",
            "CMAKE_*",
            "COMPILER_PATH",
            "CPP",
            "CXX",
            "FC",
            "GCC_EXEC_PREFIX",
            "GROFF_*",
            "LD",
            "LEX",
            "PATH",
            "PKG_CONFIG*",
            "RANLIB",
            "SHELL",
            "YACC"),
    SHELLS(
            "it has a shell run code, or read commands in another way",
            "BASH*",
            "CDPATH",
            "ENV",
            "EXECIGNORE",
            "FPATH",
            "GLOBIGNORE",
            "IFS",
            "MODULE_PATH",
            "NULLCMD",
            "PROMPT_COMMAND",
            "PS0",
            "PS1",
            "PS2",
            "PS4",
            "READNULLCMD",
            "SHELLOPTS",
            "TMPPREFIX",
            "ZDOTDIR",
            "__fish_*",
            "fish_*"),
    PERL("it has Perl load code", "PERL*", "PLENV_*"),
    PYTHON("it has Python load code", "CONDA_*", "PIPENV_*", "PIP_*", "POETRY_*", "PYENV_*", "PYTHON*", "UV_*"),
    RUBY(
            "it has Ruby load code",
            "BUNDLER_*",
            "BUNDLE_*",
            "FACTERLIB",
            "GEMRC",
            "GEM_*",
            "IRBRC",
            "JRUBY_*",
            "KNIFE_*",
            "RAKEOPT",
            "RBENV_*",
            "RUBY*",
            "SPEC_OPTS",
            "rvm_*"),
    JAVA(
            "it has Java load code",
            "ANT_*",
            "CATALINA_*",
            "CLASSPATH",
            "GRADLE_*",
            "GROOVY_*",
            "IBM_JAVA_OPTIONS",
            "JAVA_*",
            "JDK_JAVA_OPTIONS",
            "JRE_HOME",
            "M2_HOME",
            "MAVEN_*",
            "OPENJ9_JAVA_OPTIONS",
            "SBT_*",
            "_JAVA_OPTIONS"),
    OTHER_LANGUAGES(
            "it has an interpreter load code",
            "AWKLIBPATH",
            "AWKPATH",
            "BUN_*",
            "CAML_*",
            "COMPOSER_*",
            "COMPlus_*",
            "CORECLR_*",
            "COREPACK_*",
            "COR_*",
            "DENO_*",
            "DOTNET_*",
            "ELECTRON_*",
            "ELIXIR_*",
            "EMACS*",
            "ERL_*",
            "GUILE_*",
            "JULIA_*",
            "LUA_*",
            "MIX_*",
            "MONO_*",
            "NODENV_*",
            "NODE_*",
            "NPM_CONFIG_*",
            "NVM_*",
            "OCAML*",
            "OCTAVE_*",
            "PHPRC",
            "PHP_INI_SCAN_DIR",
            "PSModulePath",
            "R_*",
            "TCLLIBPATH",
            "TCL_*",
            "TS_NODE_*",
            "YARN_*",
            "npm_config_*") {
        /** npm takes its variables in any case. */
        @Override
        public boolean has(String name) {
            return super.has(name.regionMatches(true, 0, NPM, 0, NPM.length()) ? NPM : name);
        }
    },
    LIBRARIES(
            "it has programs load other libraries",
            "GIO_*",
            "GST_*",
            "GTK_*",
            "IP6TABLES_LIB_DIR",
            "IPTABLES_LIB_DIR",
            "MAGICK_*",
            "ODBC*",
            "QT_*",
            "TC_LIB_DIR",
            "XTABLES_*"),
    START_FILES(
            "it has programs read other start files, which may name commands",
            "APACHE_*",
            "APT_CONFIG",
            "AWS_CONFIG_FILE",
            "AWS_SHARED_CREDENTIALS_FILE",
            "COMPOSE_*",
            "CURL_HOME",
            "DOCKER_*",
            "DPKG_*",
            "EXINIT",
            "GNUPGHOME",
            "GVIMINIT",
            "HELM_*",
            "HGRCPATH",
            "HOME",
            "INPUTRC",
            "KRB5*",
            "KUBECONFIG",
            "LDAPCONF",
            "LDAPRC",
            "LIBMYSQL_*",
            "LVM_*",
            "MAILCAPS",
            "MAILRC",
            "MYSQL_HOME",
            "MYSQL_TEST_LOGIN_FILE",
            "MYVIMRC",
            "OPENSSL_*",
            "ORACLE_*",
            "PGSERVICEFILE",
            "PGSYSCONFDIR",
            "PSQLRC",
            "REDISCLI_RCFILE",
            "RIPGREP_CONFIG_PATH",
            "RPM_CONFIGDIR",
            "SASL_*",
            "SCREENRC",
            "SQLPATH",
            "SYSSCREENRC",
            "SYSTEM_WGETRC",
            "TERMCAP",
            "TERMINFO",
            "TERMINFO_DIRS",
            "TERMPATH",
            "TF_*",
            "TNS_ADMIN",
            "VIM*",
            "WGETRC",
            "XDG_*"),
    COMMANDS_IN_VARIABLES(
            "it gives programs a command, or options that name one",
            "ANSIBLE_*",
            "BROWSER",
            "BZR_*",
            "CARGO_*",
            "CLOUDSDK_*",
            "CVS_RSH",
            "DBUS_*",
            "EDITOR",
            "FCEDIT",
            "FZF_*",
            "GIT_*",
            "GNUMAKEFLAGS",
            "GOENV",
            "GOFLAGS",
            "GOPATH",
            "GOROOT",
            "GOTOOLCHAIN",
            "GOTOOLDIR",
            "HGEDITOR",
            "HGMERGE",
            "KUBECTL_*",
            "KUBE_EDITOR",
            "LESS*",
            "LYNX_*",
            "MAKEFILES",
            "MAKEFLAGS",
            "MANPAGER",
            "MFLAGS",
            "MODPROBE_OPTIONS",
            "PACKER_*",
            "PAGER",
            "PARALLEL*",
            "PDSH_*",
            "PSQL_*",
            "QUILT_*",
            "RSYNC_*",
            "RUSTC*",
            "RUSTDOC*",
            "RUSTFLAGS",
            "SSH_ASKPASS*",
            "SSH_SK_*",
            "SUDO_ASKPASS",
            "SUDO_EDITOR",
            "SVN_SSH",
            "SYSTEMD_*",
            "TAR_OPTIONS",
            "VAGRANT_*",
            "VISUAL",
            "ZIP",
            "ZIPOPT"),
    TRUST(
            "it says which servers are trusted, or has secrets written to a file",
            "AWS_CA_BUNDLE",
            "CURL_CA_BUNDLE",
            "LDAPTLS_*",
            "REQUESTS_CA_BUNDLE",
            "SSLKEYLOGFILE",
            "SSL_CERT_*");

    private static final String ANY = "*";
    private static final String NPM = "npm_config_";

    private final String reason;
    private final List<String> names;

    DangerousVariables(String reason, String... names) {
        this.reason = reason;
        this.names = List.of(names);
    }

    /** What the variable does, for people: {@code it …}. */
    public String reason() {
        return reason;
    }

    /** The names; {@code *} at the end stands for any further characters. */
    public List<String> names() {
        return names;
    }

    /** Whether a variable is one of these; names are told apart by case, as the system does. */
    public boolean has(String name) {
        return names.stream()
                .anyMatch(known -> known.endsWith(ANY)
                        ? name.startsWith(known.substring(0, known.length() - ANY.length()))
                        : known.equals(name));
    }

    /** What is dangerous about a variable; empty when nothing is known. */
    public static Optional<DangerousVariables> of(String name) {
        return Arrays.stream(values()).filter(way -> way.has(name)).findFirst();
    }
}
