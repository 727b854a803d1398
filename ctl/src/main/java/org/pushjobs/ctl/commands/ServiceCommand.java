package org.pushjobs.ctl.commands;

import java.util.Optional;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.service.InstalledService;
import org.pushjobs.ctl.service.Supervisor;
import org.pushjobs.ctl.service.Verb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Has the supervisor do something with the service; its texts and exit statuses are those of its own program. */
@Command
final class ServiceCommand implements CtlCommand {
    private final Machine machine;
    private final Verb verb;

    @Mixin
    private GlobalOptions options;

    @Parameters(arity = "0..1", paramLabel = "SERVICE")
    private Optional<String> service = Optional.empty();

    ServiceCommand(Machine machine, Verb verb) {
        this.machine = machine;
        this.verb = verb;
    }

    @Override
    public About about() {
        return new About(verb.command(), Category.SERVICE_MANAGEMENT, verb.description(), Arguments.SOME);
    }

    @Override
    public int run() throws CtlException, InterruptedException {
        Supervisor supervisor = InstalledService.on(machine.layout()).supervisor();
        String name = service.orElse(supervisor.name());
        if (!name.equals(supervisor.name())) {
            throw new CtlException("there is no service " + name + " here; did you mean " + supervisor.name()
                    + "? The Chef server's own are controlled by chef-server-ctl");
        }
        if (!supervisor.isEnabled()) {
            if (verb == Verb.STATUS && options.isVerbose()) {
                machine.out().println(name + " disabled");
            }
            return 0;
        }
        Supervisor.Answer answer = supervisor.run(verb);
        if (!options.isQuiet()) {
            machine.out().print(answer.text());
        }
        return answer.status();
    }
}
