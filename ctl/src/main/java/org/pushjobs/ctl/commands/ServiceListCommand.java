package org.pushjobs.ctl.commands;

import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.service.InstalledService;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists the service, with an asterisk when the supervisor is to have it. */
@Command(name = "service-list")
final class ServiceListCommand implements CtlCommand {
    private final Machine machine;

    @Mixin
    private GlobalOptions options;

    ServiceListCommand(Machine machine) {
        this.machine = machine;
    }

    @Override
    public About about() {
        return new About(
                "service-list",
                Category.SERVICE_MANAGEMENT,
                "List all the services (enabled services appear with a *.)",
                Arguments.NONE);
    }

    @Override
    public int run() throws CtlException {
        InstalledService service = InstalledService.on(machine.layout());
        if (service.isDefined(machine.layout())) {
            machine.out()
                    .println(service.supervisor().name() + (service.supervisor().isEnabled() ? "*" : ""));
        }
        return 0;
    }
}
