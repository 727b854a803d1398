package org.pushjobs.packager;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line that {@code omnibus/build} calls. */
@Command(
        name = "packager",
        description = "Makes RPM files and lists of what is in a package.",
        subcommands = {RpmCommand.class, ContentsCommand.class})
public final class Packager {
    private Packager() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Packager())
                .setExecutionExceptionHandler((failure, line, _) -> {
                    if (failure instanceof PackagerException) {
                        line.getErr().println(failure.getMessage());
                        return 1;
                    }
                    throw failure;
                })
                .execute(arguments));
    }
}
