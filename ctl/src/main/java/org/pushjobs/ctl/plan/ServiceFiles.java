package org.pushjobs.ctl.plan;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.pushjobs.ctl.files.Access;
import org.pushjobs.ctl.layout.Layout;
import org.pushjobs.ctl.layout.PackageVersion;
import org.pushjobs.ctl.plan.Wanted.Content;
import org.pushjobs.ctl.service.InstalledService;
import org.pushjobs.ctl.service.Runit;
import org.pushjobs.ctl.service.ServerProgram;
import org.pushjobs.ctl.service.ServicePaths;
import org.pushjobs.ctl.service.Supervisor;
import org.pushjobs.ctl.service.Systemd;
import org.pushjobs.ctl.settings.Installation;
import org.pushjobs.ctl.settings.Installation.Service;

/** The service's definition for its supervisor (packaging-ha.md, sections 0, 1.5 and 4.4). */
final class ServiceFiles {
    /** As the package has it. */
    private static final String PROGRAM = ServerProgram.PROGRAM;

    /** By which the Chef server's reconfigure finds the services that keepalived starts. */
    private static final String KEEPALIVED_MARK = "keepalive_me";

    /** Descriptors that the server needs beside those of agents. */
    private static final int OTHER_FILES = 4096;

    private static final int DEFAULT_CONNECTIONS = 100_000;

    private final Layout layout;
    private final Installation installation;
    private final ServicePaths paths;
    private final Supervisor supervisor;

    ServiceFiles(Layout layout, Installation installation) {
        this.layout = layout;
        this.installation = installation;
        this.paths = ServicePaths.of(layout, installation.host().chefServer());
        this.supervisor =
                InstalledService.supervisor(layout, installation.host().chefServer());
    }

    List<Step> steps() {
        return switch (supervisor) {
            case Runit _ -> forRunit();
            case Systemd systemd ->
                List.of(
                        Step.of(
                                new Wanted.File(systemd.unit(), unit(), Access.ofRoot("rw-r--r--"), Content.PLAIN),
                                Effect.RELOAD_SYSTEMD,
                                Effect.RESTART_SERVICE),
                        Step.of(new Wanted.Link(systemd.enabledLink(), systemd.unit()), Effect.RELOAD_SYSTEMD));
        };
    }

    private List<Step> forRunit() {
        Path definition = paths.definition();
        Access open = Access.ofRoot("rwxr-xr-x");
        List<Step> steps = new ArrayList<>();
        steps.add(Step.of(new Wanted.Directory(definition, open)));
        steps.add(Step.of(new Wanted.Directory(definition.resolve("log"), open)));
        steps.add(Step.of(
                new Wanted.File(definition.resolve("log/run"), logScript(), open, Content.PLAIN), Effect.RELOAD_LOG));
        // Keepalived's master starts the service then, and nobody else: not even the supervisor at boot.
        for (String name : List.of(KEEPALIVED_MARK, "down")) {
            Path file = definition.resolve(name);
            steps.add(Step.of(
                    installation.service() == Service.BY_KEEPALIVED
                            ? new Wanted.File(file, "", Access.ofRoot("rw-r--r--"), Content.PLAIN)
                            : new Wanted.Nothing(file)));
        }
        steps.add(Step.of(
                new Wanted.File(definition.resolve("run"), script(), open, Content.PLAIN), Effect.RESTART_SERVICE));
        steps.add(
                Step.of(new Wanted.Link(paths.initLink(), layout.at(paths.tree().sv()))));
        steps.add(Step.of(new Wanted.Link(paths.enabledLink(), definition), Effect.AWAIT_SUPERVISOR));
        return steps;
    }

    /** The next reconfigure of the Chef server then leaves it out of the failover; until that it stays. */
    List<Step> stepsToLeaveFailover() {
        return List.of(Step.of(new Wanted.Nothing(paths.definition().resolve(KEEPALIVED_MARK))));
    }

    /** What makes the supervisor start it goes first. */
    List<Step> stepsToRemove() {
        return switch (supervisor) {
            case Runit _ ->
                List.of(
                        Step.of(new Wanted.Nothing(paths.enabledLink())),
                        Step.of(new Wanted.Nothing(paths.definition())),
                        Step.of(new Wanted.Nothing(paths.initLink())));
            case Systemd systemd ->
                List.of(
                        Step.of(new Wanted.Nothing(systemd.enabledLink()), Effect.RELOAD_SYSTEMD),
                        Step.of(new Wanted.Nothing(systemd.unit()), Effect.RELOAD_SYSTEMD));
        };
    }

    /** Written into the service's definition, so that it changes with an upgrade, and the service is restarted. */
    private String version() {
        return PackageVersion.of(layout).orElse("a version without " + PackageVersion.MANIFEST);
    }

    /** A server that is told to stop ends with 143. */
    private String unit() {
        return """
            # Made by opscode-push-jobs-server-ctl reconfigure, which overwrites it, for %6$s.
            [Unit]
            Description=Push Jobs server
            Wants=network-online.target
            After=network-online.target

            [Service]
            User=%1$s
            Environment=HOME=%2$s
            ExecStart=%3$s --config %4$s
            Restart=always
            RestartSec=2
            TimeoutStopSec=30
            SuccessExitStatus=143
            LimitNOFILE=%5$d
            NoNewPrivileges=yes

            [Install]
            WantedBy=multi-user.target
            """.formatted(
                        installation.user(),
                        installation.serverDirectory(),
                        PROGRAM,
                        ServerFiles.settingsFile(installation),
                        fileLimit(),
                        version());
    }

    private int fileLimit() {
        var connections = installation.serverSettings().get("max_agent_connections");
        return OTHER_FILES + (connections == null ? DEFAULT_CONNECTIONS : connections.asInt());
    }

    /** Of its own process group, because a stop that has to be enforced kills the group. */
    private String script() {
        return """
            #!/bin/sh
            # For %7$s.
            exec 2>&1
            # As many as the server may have agents; else as many as this machine allows.
            ulimit -n %1$d 2>/dev/null || ulimit -n "$(ulimit -Hn)"
            exec %2$s -P -u %3$s -U %3$s env HOME=%4$s %5$s --config %6$s
            """.formatted(
                        fileLimit(),
                        paths.tree().chpst(),
                        installation.user(),
                        installation.serverDirectory(),
                        PROGRAM,
                        ServerFiles.settingsFile(installation),
                        version());
    }

    private String logScript() {
        return """
            #!/bin/sh
            exec %s -tt %s
            """.formatted(paths.tree().svlogd(), installation.logDirectory());
    }

    /** Svlogd's directory, and what it reads there; systemd keeps logs itself. */
    List<Step> logSteps() {
        Path directory = layout.at(installation.logDirectory());
        String limits = "s%d\nn%d\n"
                .formatted(
                        installation.logRotation().fileBytes(),
                        installation.logRotation().files());
        return switch (supervisor) {
            case Systemd _ -> List.of();
            case Runit _ ->
                List.of(
                        Step.of(new Wanted.Directory(directory, Access.of(installation.user(), "rwx------"))),
                        Step.of(
                                new Wanted.File(
                                        directory.resolve("config"), limits, Access.ofRoot("rw-r--r--"), Content.PLAIN),
                                Effect.RELOAD_LOG));
        };
    }
}
