package org.pushjobs.ctl.plan;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.layout.Layout;
import org.pushjobs.ctl.service.InstalledService;
import org.pushjobs.ctl.service.Runit;
import org.pushjobs.ctl.service.ServicePaths;
import org.pushjobs.ctl.service.Supervisor;
import org.pushjobs.ctl.service.Systemd;
import org.pushjobs.ctl.service.Verb;
import org.pushjobs.ctl.settings.Installation;
import org.pushjobs.ctl.settings.Installation.ChefServerMachine;
import org.pushjobs.ctl.settings.Installation.Service;
import org.pushjobs.ctl.settings.Installation.StandAlone;

/** Does what follows a change. What does not run is not started by it, but the first time. */
final class Effects {
    private static final String MASTER = "master";

    private final Layout layout;
    private final Installation installation;
    private final ServicePaths paths;
    private final Duration patience;
    private final PrintWriter out;

    /** @param patience with the supervisor, until it has a new service */
    Effects(Layout layout, Installation installation, Duration patience, PrintWriter out) {
        this.layout = layout;
        this.installation = installation;
        this.paths = ServicePaths.of(layout, installation.host().chefServer());
        this.patience = patience;
        this.out = out;
    }

    void follow(Effect effect) throws CtlException, InterruptedException {
        Supervisor service =
                InstalledService.supervisor(layout, installation.host().chefServer());
        switch (effect) {
            case RELOAD_SYSTEMD -> {
                if (service instanceof Systemd systemd) {
                    require(systemd.reload(), "systemctl daemon-reload");
                }
            }
            case RELOAD_LOG -> {
                if (service instanceof Runit runit && runit.hasLog()) {
                    require(runit.restartLog(), "sv term of the log");
                }
            }
            case RESTART_SERVICE -> {
                if (runs(service)) {
                    run(service, Verb.RESTART);
                }
            }
            case AWAIT_SUPERVISOR -> await(service);
            case START_SERVICE -> start(service);
            case RELOAD_NGINX -> {
                if (service instanceof Runit runit && runs(runit.sibling("nginx"))) {
                    run(runit.sibling("nginx"), Verb.HUP);
                }
            }
        }
    }

    private static boolean runs(Supervisor service) throws CtlException, InterruptedException {
        return service.isEnabled()
                && service.isSupervised()
                && service.run(Verb.STATUS).status() == Supervisor.GOOD;
    }

    private void run(Supervisor service, Verb verb) throws CtlException, InterruptedException {
        Supervisor.Answer answer = service.run(verb);
        out.print(answer.text());
        require(answer, verb.command() + " of " + service.name());
    }

    private static void require(Supervisor.Answer answer, String what) throws CtlException {
        if (answer.status() != Supervisor.GOOD) {
            String said = answer.text().isBlank() ? "" : ": " + answer.text().strip();
            throw new CtlException(what + " ended with status " + answer.status() + said
                    + "; look at what the service logs, then run this command again, which repeats it");
        }
    }

    private void await(Supervisor service) throws InterruptedException {
        if (!service.awaitSupervised(patience)) {
            out.println(Layout.SERVICE + " was not taken up by its supervisor (runsvdir on " + paths.enabled()
                    + "); it can only be started when that runs");
        }
    }

    /** What no supervisor has was said before. */
    private void start(Supervisor service) throws CtlException, InterruptedException {
        if (installation.service() != Service.DISABLED && isDataMaster() && service.isSupervised()) {
            run(service, Verb.START);
        }
    }

    /** Whether keepalived has the services run here. */
    private boolean isDataMaster() {
        return switch (installation.host()) {
            case StandAlone() -> true;
            case ChefServerMachine(var chef, var _, var isBootstrap, var _) ->
                !chef.isHa() || isMaster(layout.at(chef.keepalivedDirectory()), isBootstrap);
        };
    }

    private static boolean isMaster(Path keepalived, boolean isBootstrap) {
        try {
            return Files.readString(keepalived.resolve("current_cluster_status"))
                    .strip()
                    .equals(MASTER);
        } catch (IOException e) {
            return isBootstrap; // before the first transition
        }
    }
}
