package org.pushjobs.ctl.commands;

import java.util.List;
import java.util.Optional;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.service.InstalledService;
import org.pushjobs.ctl.service.ProcessGroup;
import org.pushjobs.ctl.service.Supervisor;
import org.pushjobs.ctl.service.Verb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Stops the service, and kills what is left of it. */
@Command(name = "graceful-kill")
final class GracefulKillCommand implements CtlCommand {
    private final Machine machine;

    @Mixin
    private GlobalOptions options;

    @Parameters(arity = "0..1", paramLabel = "SERVICE")
    private Optional<String> service = Optional.empty();

    GracefulKillCommand(Machine machine) {
        this.machine = machine;
    }

    @Override
    public About about() {
        return new About(
                "graceful-kill",
                Category.SERVICE_MANAGEMENT,
                "Attempt a graceful stop, then SIGKILL the entire process group.",
                Arguments.SOME);
    }

    @Override
    public int run() throws CtlException, InterruptedException {
        Supervisor supervisor = InstalledService.on(machine.layout()).supervisor();
        String name = supervisor.name();
        if (service.isPresent() && !service.get().equals(name)) {
            throw new CtlException("there is no service " + service.get() + " here; did you mean " + name + "?");
        }
        if (!supervisor.isEnabled()) {
            machine.err().println(name + " disabled, not stopping");
            return 1;
        }
        Optional<ProcessGroup> group = supervisor.pid().flatMap(ProcessGroup::of);
        if (group.isEmpty()) {
            machine.err()
                    .println("could not find " + name
                            + " runit pidfile (service already stopped?), cannot attempt SIGKILL...");
        }
        Supervisor.Answer answer = supervisor.run(Verb.STOP);
        machine.out().print(answer.text());
        List<Long> stuck = group.map(ProcessGroup::members).orElse(List.of());
        if (!stuck.isEmpty()) {
            machine.err().println("found stuck pids still running in process group: " + stuck + ", sending SIGKILL");
            group.get().kill();
        }
        return answer.status();
    }
}
