package org.pushjobs.ctl.commands;

import java.util.List;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.directory.Directory;
import org.pushjobs.ctl.directory.Kind;
import org.pushjobs.ctl.plan.ServerFiles;
import org.pushjobs.ctl.service.ServerProgram;
import org.pushjobs.ctl.settings.Installation;
import org.pushjobs.ctl.settings.InstallationReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Organisations, users, clients or groups of a server without a Chef server. */
@Command(name = "directory")
final class DirectoryCommand implements CtlCommand {
    private final Machine machine;
    private final Kind kind;

    @Parameters(paramLabel = "WORD", description = "What is to be done, with its arguments and options.")
    private List<String> words = List.of();

    DirectoryCommand(Machine machine, Kind kind) {
        this.machine = machine;
        this.kind = kind;
    }

    @Override
    public About about() {
        return new About(
                kind.word(),
                Category.DIRECTORY,
                "Manage " + kind.plural() + " where there is no Chef server; without arguments, say how.",
                Arguments.PASSED_ON);
    }

    @Override
    public int run() throws CtlException, InterruptedException {
        if (words.isEmpty()) {
            kind.usage().forEach(line -> machine.out().println(Commands.PROGRAM + " " + line));
            return 0;
        }
        Installation installation = new InstallationReader(machine.layout(), machine.name()).read();
        if (installation.host().chefServer().isPresent()) {
            throw new CtlException("the Chef server of this machine keeps " + kind.plural()
                    + "; manage them there, by chef-server-ctl and knife");
        }
        ServerProgram server =
                new ServerProgram(machine.layout(), installation.user(), ServerFiles.settingsFile(installation));
        return new Directory(server, machine.out()).run(kind, words);
    }
}
