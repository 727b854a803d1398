package org.pushjobs.ctl.commands;

import java.util.List;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.plan.ServerFiles;
import org.pushjobs.ctl.service.ServerProgram;
import org.pushjobs.ctl.service.Supervisor;
import org.pushjobs.ctl.settings.Installation;
import org.pushjobs.ctl.settings.InstallationReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Deletes old jobs before their time. */
@Command(name = "jobs")
final class JobsCommand implements CtlCommand {
    private static final String PURGE = "purge";
    private static final int WRONG_ARGUMENTS = 2;

    private final Machine machine;

    @Mixin
    private GlobalOptions options;

    @Parameters(paramLabel = PURGE)
    private String what = "";

    @Option(names = "--older-than", paramLabel = "DAYS", required = true)
    private int days;

    JobsCommand(Machine machine) {
        this.machine = machine;
    }

    @Override
    public About about() {
        return new About(
                "jobs",
                Category.DATABASE,
                "jobs purge --older-than DAYS: delete jobs that ended so many days ago; 0 for all that have ended.",
                Arguments.SOME);
    }

    @Override
    public int run() throws CtlException, InterruptedException {
        if (!what.equals(PURGE)) {
            machine.err().println("jobs can only be purged: " + Commands.PROGRAM + " jobs purge --older-than DAYS");
            return WRONG_ARGUMENTS;
        }
        Installation installation = new InstallationReader(machine.layout(), machine.name()).read();
        Supervisor.Answer answer = new ServerProgram(
                        machine.layout(), installation.user(), ServerFiles.settingsFile(installation))
                .run(List.of("jobs", PURGE, "--older-than", Integer.toString(days)));
        machine.out().print(answer.text());
        return answer.status();
    }
}
