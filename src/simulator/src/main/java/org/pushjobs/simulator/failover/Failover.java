package org.pushjobs.simulator.failover;

import org.pushjobs.simulator.CannotRunException;
import org.pushjobs.simulator.bench.bed.BenchException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What keepalived/test/run calls: exits with 0 all is well, 1 something is wrong or cannot run, 2 wrong usage. */
@Command(
        name = "failover",
        description = "Watches and judges what becomes of jobs when something fails.",
        subcommands = {RoundCommand.class, SummaryCommand.class},
        mixinStandardHelpOptions = true)
public final class Failover {
    private static final int CANNOT_RUN = 1;

    private Failover() {}

    public static void main(String[] arguments) {
        CommandLine commandLine = new CommandLine(new Failover());
        commandLine.setExecutionExceptionHandler((failure, line, _) -> {
            if (failure instanceof CannotRunException || failure instanceof BenchException) {
                line.getErr().println(failure.getMessage());
                return CANNOT_RUN;
            }
            throw failure;
        });
        System.exit(commandLine.execute(arguments));
    }
}
