package org.pushjobs.workstation.settings;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/**
 * The options that every command of knife has and that are not needed to connect. Most change nothing here: there is nothing to
 * be edited, confirmed or printed once more. They are there so that command lines written for knife go on to work.
 */
final class KnifeOptions {
    @Option(
            names = {"-V", "--verbose"},
            description = "Tell on standard error what is asked of the server; -VV tells more.")
    private boolean[] verbose = {};

    /** Looked for before anything is parsed, see Display. */
    @Option(
            names = "--color",
            negatable = true,
            description = "Whether to use colours (default: on a terminal, unless NO_COLOR is set).")
    private Optional<Boolean> colour;

    @Option(
            names = "--config-option",
            paramLabel = "NAME=VALUE",
            description = "A setting as in a config.rb, for example ssl_verify_mode=verify_none.")
    private Map<String, String> configOptions = new LinkedHashMap<>();

    @Option(
            names = {"-y", "--yes"},
            hidden = true)
    private boolean yes;

    @Option(
            names = {"-E", "--environment"},
            hidden = true)
    private Optional<String> environment;

    @Option(names = "--defaults", hidden = true)
    private boolean defaults;

    @Option(
            names = {"-d", "--disable-editing"},
            hidden = true)
    private boolean disableEditing;

    @Option(names = "--print-after", hidden = true)
    private boolean printAfter;

    Verbosity verbosity() {
        return switch (verbose.length) {
            case 0 -> Verbosity.QUIET;
            case 1 -> Verbosity.REQUESTS;
            default -> Verbosity.DETAILS;
        };
    }

    SettingsLayer layer() {
        return SettingsLayer.ofChefNames(configOptions, "--config-option", Path.of(""));
    }
}
