package org.pushjobs.protocol.message;

import java.util.Objects;

/**
 * Captured output of a command. It may hold any character, U+0000 too; it never goes into a log.
 *
 * @param stdout what the command wrote to its standard output
 * @param stderr what the command wrote to its standard error
 */
public record Output(String stdout, String stderr) {
    public Output {
        Objects.requireNonNull(stdout, "stdout");
        Objects.requireNonNull(stderr, "stderr");
    }

    @Override
    public String toString() {
        return "Output[stdout=" + stdout.length() + " characters, stderr=" + stderr.length() + " characters]";
    }
}
