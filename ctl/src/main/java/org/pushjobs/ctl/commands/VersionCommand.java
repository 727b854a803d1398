package org.pushjobs.ctl.commands;

import java.util.Optional;
import org.pushjobs.ctl.layout.Layout;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says which version this is. */
@Command(name = "version")
final class VersionCommand implements CtlCommand {
    private final Machine machine;

    @Mixin
    private GlobalOptions options;

    VersionCommand(Machine machine) {
        this.machine = machine;
    }

    @Override
    public About about() {
        return new About("version", Category.GENERAL, "Print the version of the package.", Arguments.NONE);
    }

    @Override
    public int run() {
        String version = Optional.ofNullable(VersionCommand.class.getPackage().getImplementationVersion())
                .orElse("of a checkout");
        machine.out().println(Layout.NAME + " " + version);
        return 0;
    }
}
