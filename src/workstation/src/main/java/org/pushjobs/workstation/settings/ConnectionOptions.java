package org.pushjobs.workstation.settings;

import java.nio.file.Path;
import java.util.Optional;
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
    private Optional<Path> key;

    abstract Optional<String> serverUrl();

    /** What was given on the command line. */
    public SettingsLayer layer() {
        return new SettingsLayer(user, key, serverUrl());
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
                description = SERVER_URL_HELP + " Has no short form here: -s is kept for node searches.")
        private Optional<String> serverUrl;

        @Override
        Optional<String> serverUrl() {
            return serverUrl;
        }
    }
}
