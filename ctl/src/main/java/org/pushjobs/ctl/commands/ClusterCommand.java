package org.pushjobs.ctl.commands;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.plan.ServerFiles;
import org.pushjobs.ctl.service.ServerProgram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Has the server's own command line ask the server of this machine, or have it do something. Its exit status is that one's. */
@Command
final class ClusterCommand implements CtlCommand {
    private final Machine machine;
    private final ClusterVerb verb;

    @Parameters(paramLabel = "OPTION")
    private List<String> options = List.of();

    ClusterCommand(Machine machine, ClusterVerb verb) {
        this.machine = machine;
        this.verb = verb;
    }

    @Override
    public About about() {
        return new About(verb.command(), Category.HIGH_AVAILABILITY, verb.description(), Arguments.PASSED_ON);
    }

    @Override
    public int run() throws CtlException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("cluster", verb.word()));
        words.addAll(options);
        return ServerFiles.installedProgram(machine.layout()).follow(words, line -> {
            // for scripts that read what --json says
            PrintWriter out = ServerProgram.isWarning(line) ? machine.err() : machine.out();
            out.println(line);
            out.flush();
        });
    }
}
