package org.pushjobs.ctl.commands;

import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.plan.Removal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Removes the service, and leaves configuration and data. */
@Command(name = "uninstall")
final class UninstallCommand implements CtlCommand {
    private final Machine machine;

    @Mixin
    private GlobalOptions options;

    UninstallCommand(Machine machine) {
        this.machine = machine;
    }

    @Override
    public About about() {
        return new About(
                "uninstall",
                Category.GENERAL,
                "Remove the service from its supervisor, but leave configuration and data.",
                Arguments.NONE);
    }

    @Override
    public int run() throws CtlException, InterruptedException {
        new Removal(machine.layout(), machine.out()).removeService();
        return 0;
    }
}
