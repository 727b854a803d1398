package org.pushjobs.ctl.commands;

import org.pushjobs.ctl.layout.Layout;
import org.pushjobs.ctl.layout.PackageVersion;
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
        machine.out().println(PackageVersion.of(machine.layout()).orElse(Layout.NAME + " of a checkout"));
        return 0;
    }
}
