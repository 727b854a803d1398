package org.pushjobs.ctl.commands;

import java.util.Optional;
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
    public String name() {
        return "uninstall";
    }

    @Override
    public Category category() {
        return Category.GENERAL;
    }

    @Override
    public String description() {
        return "Remove the service from its supervisor, but leave configuration and data.";
    }

    @Override
    public Arguments arguments() {
        return Arguments.NONE;
    }

    @Override
    public int run() throws CtlException, InterruptedException {
        Removal removal = new Removal(machine.layout(), machine.out());
        Optional<String> reason = removal.failoverNeedsIt();
        if (reason.isPresent()) {
            throw new CtlException(reason.get());
        }
        removal.removeService();
        return 0;
    }
}
