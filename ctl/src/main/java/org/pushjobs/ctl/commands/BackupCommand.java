package org.pushjobs.ctl.commands;

import java.nio.file.Path;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.backup.Backup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Keeps keys and configuration in one file. */
@Command(name = "backup")
final class BackupCommand implements CtlCommand {
    private final Machine machine;

    @Mixin
    private GlobalOptions options;

    @Parameters(paramLabel = "FILE")
    private Path file;

    BackupCommand(Machine machine) {
        this.machine = machine;
    }

    @Override
    public About about() {
        return new About(
                "backup",
                Category.GENERAL,
                "Write keys and configuration to a new file that only its owner may read.",
                Arguments.SOME);
    }

    @Override
    public int run() throws CtlException, InterruptedException {
        new Backup(machine.layout(), machine.name(), machine.out()).make(file);
        return 0;
    }
}
