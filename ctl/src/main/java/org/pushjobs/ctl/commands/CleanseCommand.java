package org.pushjobs.ctl.commands;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.layout.Layout;
import org.pushjobs.ctl.plan.Removal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Removes the service and all files. */
@Command(name = "cleanse")
final class CleanseCommand implements CtlCommand {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm");

    private static final String WITH_DATABASE =
            "With them goes the server's own database: organisations, keys and jobs.";
    private static final String WITHOUT_DATABASE = "The database, and secrets in the Chef server's file, stay.";
    private static final String DATABASE_GONE = "The server's own database is gone, too.";
    private static final String DATABASE_LEFT =
            "The database, and secrets in the Chef server's file, are as they were.";

    private final Machine machine;

    @Mixin
    private GlobalOptions options;

    @Parameters(arity = "0..1", paramLabel = "yes")
    private Optional<String> answer = Optional.empty();

    /** The original's; databases that belong to others are left alone here in any case. */
    @Option(names = "--with-external", hidden = true)
    private boolean withExternal;

    CleanseCommand(Machine machine) {
        this.machine = machine;
    }

    @Override
    public About about() {
        return new About(
                "cleanse", Category.GENERAL, "Delete *all* push jobs data, and start from scratch.", Arguments.SOME);
    }

    @Override
    public int run() throws CtlException, InterruptedException {
        Removal removal = new Removal(machine.layout(), machine.out());
        if (!answer.equals(Optional.of("yes"))) {
            machine.out().println("*******************************************************************");
            machine.out().println("* * * * * * * * * * *       STOP AND READ       * * * * * * * * * *");
            machine.out().println("*******************************************************************");
            machine.out().println("This command deletes the configuration, state and logs of " + Layout.NAME + ".");
            machine.out().println(removal.databaseGoes() ? WITH_DATABASE : WITHOUT_DATABASE);
            machine.out().println("You have " + machine.secondThoughts().toSeconds() + " seconds to hit CTRL-C.");
            machine.out().flush();
            Thread.sleep(machine.secondThoughts());
        }
        Path copy = machine.layout()
                .at("/root/" + Layout.NAME + "-cleanse-" + LocalDateTime.now().format(TIME));
        boolean databaseGoes = removal.databaseGoes();
        removal.removeService();
        removal.removeData(copy);
        machine.out().println("Your config files have been backed up to " + copy + ".");
        machine.out().println(databaseGoes ? DATABASE_GONE : DATABASE_LEFT);
        return 0;
    }
}
