package org.pushjobs.ctl.commands;

import java.io.PrintWriter;
import java.io.Writer;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.layout.Layout;
import org.pushjobs.ctl.plan.Reconfigure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Brings the machine to what its settings say. */
@Command(name = "reconfigure")
final class ReconfigureCommand implements CtlCommand {
    private final Machine machine;

    @Mixin
    private GlobalOptions options;

    @Option(names = "--dry-run", description = "Say what would change, and change nothing.")
    private boolean dryRun;

    /** Ours has no agreement to accept; scripts give it. */
    @Option(names = "--accept-license", hidden = true)
    private boolean acceptLicense;

    ReconfigureCommand(Machine machine) {
        this.machine = machine;
    }

    @Override
    public About about() {
        return new About("reconfigure", Category.GENERAL, "Reconfigure the application.", Arguments.SOME);
    }

    @Override
    public int run() throws CtlException, InterruptedException {
        PrintWriter out = options.isQuiet() ? new PrintWriter(Writer.nullWriter()) : machine.out();
        Reconfigure reconfigure =
                new Reconfigure(machine.layout(), machine.name(), machine.patience(), out, _ -> out.flush());
        if (dryRun) {
            int different = reconfigure.compare();
            machine.out()
                    .println(different == 0 ? "Nothing would change." : steps(different) + " would change something.");
            return 0;
        }
        int changed = reconfigure.apply();
        out.println(changed == 0 ? "Nothing had to be changed." : steps(changed) + " changed something.");
        machine.out().println(Layout.NAME + " Reconfigured!");
        return 0;
    }

    private static String steps(int count) {
        return count == 1 ? "1 step" : count + " steps";
    }
}
