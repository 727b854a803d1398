package org.pushjobs.agent.settings;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The environment variables with which whoever starts a job could have a node run, load or overwrite something else than its
 * whitelist names, by the way in which they do it. This is the one list of them; no such list can be complete, as every
 * program has variables of its own (docs/agent.md, "Variables of a job").
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
    PROGRAMS("it says which programs run", "PATH", "SHELL", "COMPILER_PATH", "GCC_EXEC_PREFIX"),
    SHELLS(
            "it has a shell run code, or read commands in another way",
            "BASH*",
            "CDPATH",
            "ENV",
            "FPATH",
            "GLOBIGNORE",
            "IFS",
            "NULLCMD",
            "PROMPT_COMMAND",
            "PS0",
            "PS1",
            "PS2",
            "PS4",
            "READNULLCMD",
            "SHELLOPTS",
            "TMPPREFIX",
            "ZDOTDIR"),
    PERL("it has Perl load code", "PERL*"),
    PYTHON("it has Python load code", "PYTHON*", "PIP_*"),
    RUBY("it has Ruby load code", "BUNDLE_*", "BUNDLER_*", "GEM_*", "JRUBY_*", "RUBY*"),
    JAVA(
            "it has Java load code",
            "CLASSPATH",
            "JAVA_*",
            "JDK_JAVA_OPTIONS",
            "_JAVA_OPTIONS",
            "ANT_*",
            "GRADLE_*",
            "MAVEN_*"),
    OTHER_LANGUAGES(
            "it has an interpreter load code",
            "CORECLR_*",
            "COR_*",
            "DOTNET_*",
            "ERL_*",
            "LUA_*",
            "NODE_*",
            "NPM_CONFIG_*",
            "PHPRC",
            "PHP_INI_SCAN_DIR",
            "R_*",
            "TCLLIBPATH",
            "TCL_*",
            "npm_config_*"),
    START_FILES(
            "it has programs read other start files, which may name commands",
            "APT_CONFIG",
            "AWS_CONFIG_FILE",
            "AWS_SHARED_CREDENTIALS_FILE",
            "CURL_HOME",
            "DOCKER_*",
            "DPKG_*",
            "EXINIT",
            "HOME",
            "INPUTRC",
            "KRB5_*",
            "KUBECONFIG",
            "LIBMYSQL_*",
            "MYSQL_HOME",
            "OPENSSL_*",
            "PGSERVICEFILE",
            "PGSYSCONFDIR",
            "PSQLRC",
            "RPM_CONFIGDIR",
            "SASL_*",
            "SYSTEM_WGETRC",
            "TERMCAP",
            "TERMINFO",
            "TERMINFO_DIRS",
            "TERMPATH",
            "TF_*",
            "VIMINIT",
            "WGETRC",
            "XDG_*"),
    COMMANDS_IN_VARIABLES(
            "programs take a command, or options that name one, from it",
            "ANSIBLE_*",
            "BROWSER",
            "CVS_RSH",
            "DBUS_*",
            "EDITOR",
            "GIT_*",
            "GNUMAKEFLAGS",
            "LESS*",
            "MAKEFILES",
            "MAKEFLAGS",
            "MANPAGER",
            "MFLAGS",
            "PAGER",
            "PSQL_*",
            "RSYNC_*",
            "SSH_ASKPASS",
            "SUDO_ASKPASS",
            "SUDO_EDITOR",
            "SVN_SSH",
            "SYSTEMD_*",
            "TAR_OPTIONS",
            "VISUAL"),
    TRUST("it says which servers are trusted, or has secrets written to a file", "SSLKEYLOGFILE", "SSL_CERT_*");

    private static final String ANY = "*";

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
