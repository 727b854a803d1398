package org.pushjobs.workstation.screen;

import picocli.CommandLine.Option;

/** {@code -F}, an option of every command that shows documents. */
public final class FormatOption {
    @Option(
            names = {"-F", "--format"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "One of: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private OutputFormat format;

    public OutputFormat format() {
        return format;
    }
}
