package org.pushjobs.workstation.settings;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say who asks which server; the strongest source of settings. */
public abstract sealed class ConnectionOptions {
    private static final String SERVER_URL_HELP =
            "The address https://HOST/organizations/ORG (or PUSHJOBS_SERVER_URL).";

    @Option(
            names = {"-u", "--user"},
            paramLabel = "NAME",
            description = "User or client to sign requests as (or PUSHJOBS_USER).")
    private Optional<String> user;

    @Option(
            names = {"-k", "--key"},
            paramLabel = "FILE",
            description = "Its private key, a PEM file (or PUSHJOBS_KEY).")
    private Optional<String> key;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description =
                    "A config.rb or knife.rb (default: the first of KNIFE_HOME, .chef here or above, and ~/.chef; read"
                            + " only when something is missing elsewhere).")
    private Optional<Path> configFile;

    @Option(
            names = "--profile",
            paramLabel = "PROFILE",
            description = "Which part of ~/.chef/credentials (default: CHEF_PROFILE, ~/.chef/context, or 'default').")
    private Optional<String> profile;

    @Mixin
    private KnifeOptions knife;

    abstract Optional<String> serverUrl();

    /** What was given on the command line. */
    SettingsLayer layer() {
        return SettingsLayer.EMPTY
                .with(Setting.USER, user, "--user")
                .with(Setting.KEY, key, "--key")
                .with(Setting.SERVER_URL, serverUrl(), "--server-url")
                .orElse(knife.layer());
    }

    /** How much is told of what happens. */
    public Verbosity verbosity() {
        return knife.verbosity();
    }

    Optional<Path> configFile() {
        return configFile;
    }

    Optional<String> profile() {
        return profile;
    }

    /** For most commands: {@code -s} is the server's address. */
    public static final class Common extends ConnectionOptions {
        @Option(
                names = {"-s", "--server-url"},
                paramLabel = "URL",
                description = SERVER_URL_HELP)
        private Optional<String> serverUrl;

        @Override
        Optional<String> serverUrl() {
            return serverUrl;
        }
    }

    /** For commands in which {@code -s} is a node search (agent-and-cli.md, {@code job start}). */
    public static final class WithoutShortServerUrl extends ConnectionOptions {
        @Option(
                names = "--server-url",
                paramLabel = "URL",
                description = SERVER_URL_HELP + " Has no short form here: -s is a node search.")
        private Optional<String> serverUrl;

        @Override
        Optional<String> serverUrl() {
            return serverUrl;
        }
    }
}
