package org.pushjobs.ctl.commands;

import java.nio.file.Path;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.backup.Backup;
import org.pushjobs.ctl.backup.Backup.Others;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts keys and configuration of a backup back. */
@Command(name = "restore")
final class RestoreCommand implements CtlCommand {
    private final Machine machine;

    @Mixin
    private GlobalOptions options;

    @Parameters(paramLabel = "FILE")
    private Path file;

    @Option(names = "--overwrite", description = "Replace other keys and files with other contents.")
    private boolean overwrite;

    RestoreCommand(Machine machine) {
        this.machine = machine;
    }

    @Override
    public About about() {
        return new About("restore", Category.GENERAL, "Put keys and configuration of a backup back.", Arguments.SOME);
    }

    @Override
    public int run() throws CtlException, InterruptedException {
        new Backup(machine.layout(), machine.name(), machine.out())
                .restore(file, overwrite ? Others.ARE_REPLACED : Others.ARE_KEPT);
        return 0;
    }
}
