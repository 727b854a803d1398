package org.pushjobs.ctl.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.ctl.testing.Await;
import org.pushjobs.ctl.testing.FakeMachine;
import org.pushjobs.ctl.testing.FakeMachine.Ran;
import org.pushjobs.ctl.testing.Runsvdir;

/** The commands of the service under a real runit, with texts and exit statuses of its sv. */
class RunitIT {
    private static final String DEFINITION = "/opt/opscode/sv/opscode-pushy-server";

    @TempDir
    private Path root;

    private FakeMachine machine;
    private Supervisor runit;
    private Runsvdir supervisor;

    @BeforeEach
    void superviseAService() throws Exception {
        machine = FakeMachine.withChefServer(root, 5432);
        Files.createSymbolicLink(
                machine.at("/opt/opscode/init/opscode-pushy-server"), machine.at("/opt/opscode/embedded/bin/sv"));
        Path signals = machine.at("/signals");
        script(DEFINITION + "/run", """
                #!/bin/sh
                for signal in HUP INT USR1 USR2; do trap "echo $signal >> %1$s" $signal; done
                trap 'exit 0' TERM
                echo started >> %1$s
                while :; do sleep 0.1; done
                """.formatted(signals));
        script(DEFINITION + "/log/run", "#!/bin/sh\nexec cat > /dev/null\n");
        Files.createSymbolicLink(machine.at("/opt/opscode/service/opscode-pushy-server"), machine.at(DEFINITION));
        supervisor = Runsvdir.start(machine);
        runit = InstalledService.on(machine.layout()).supervisor();
        Await.until("the service to run", () -> machine.run("status").status() == Supervisor.GOOD);
        Await.until("its traps", () -> signals().contains("started"));
    }

    private void script(String path, String text) throws Exception {
        Files.setPosixFilePermissions(
                machine.write(machine.at(path), text), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private List<String> signals() throws Exception {
        Path file = machine.at("/signals");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    @AfterEach
    void stopSupervising() throws Exception {
        if (supervisor != null) {
            supervisor.stop();
        }
    }

    @Test
    void statusIsWhatSvSays() throws Exception {
        Ran ran = machine.run("status");

        assertThat(ran.status()).isZero();
        assertThat(ran.out())
                .matches("run: opscode-pushy-server: \\(pid [0-9]+\\) [0-9]+s; run: log: \\(pid [0-9]+\\) [0-9]+s\n");
        assertThat(machine.run("status", "opscode-pushy-server").status()).isZero();
        assertThat(machine.run("service-list").out()).isEqualTo("opscode-pushy-server*\n");
        assertThat(machine.run("status", "-q").out()).isEmpty();
    }

    @Test
    void serviceIsStoppedStartedAndRestarted() throws Exception {
        Ran stopped = machine.run("stop");
        assertThat(stopped.out()).matches("ok: down: opscode-pushy-server: [0-9]+s, normally up\n");
        assertThat(stopped.status()).isZero();
        Ran status = machine.run("status");
        assertThat(status.status()).isEqualTo(3);
        assertThat(status.out()).startsWith("down: opscode-pushy-server: ");

        assertThat(machine.run("start").out()).matches("ok: run: opscode-pushy-server: \\(pid [0-9]+\\) [0-9]+s\n");
        long first = runit.pid().orElseThrow();
        assertThat(machine.run("restart").status()).isZero();

        // sv says so as soon as it has told the supervisor
        Await.until("another process", () -> isAnotherThan(first));
        assertThat(ProcessHandle.of(first)).isEmpty();
    }

    @Test
    void signalsReachTheService() throws Exception {
        for (String signal : List.of("hup", "int", "usr1", "usr2")) {
            assertThat(machine.run(signal).status()).as(signal).isZero();
            Await.until(signal, () -> signals().contains(signal.toUpperCase(Locale.ROOT)));
        }
    }

    @Test
    void killedServiceIsStartedAgain() throws Exception {
        long first = runit.pid().orElseThrow();

        assertThat(machine.run("kill").status()).isZero();

        Await.until("another process", () -> isAnotherThan(first));
    }

    private boolean isAnotherThan(long first) throws Exception {
        return runit.pid().filter(pid -> pid != first).isPresent();
    }

    @Test
    void gracefulKillEndsWhatDoesNotStop() throws Exception {
        script(DEFINITION + "/run", """
                #!/bin/sh
                exec setsid sh -c 'sleep 1000 & trap "exit 0" TERM; echo group >> %s; while :; do sleep 0.1; done'
                """.formatted(machine.at("/signals")));
        machine.run("restart");
        Await.until("the group", () -> signals().contains("group"));
        ProcessGroup group = ProcessGroup.of(runit.pid().orElseThrow()).orElseThrow();
        assertThat(group.members()).hasSizeGreaterThan(1);

        Ran ran = machine.run("graceful-kill");

        assertThat(ran.status()).isZero();
        assertThat(ran.err()).matches("found stuck pids still running in process group: \\[.*], sending SIGKILL\n");
        Await.until("the group's end", () -> group.members().isEmpty());
    }

    @Test
    void gracefulKillOfAStoppedServiceSaysSo() {
        machine.run("stop");

        Ran ran = machine.run("graceful-kill");

        assertThat(ran.err())
                .isEqualTo(
                        "could not find opscode-pushy-server runit pidfile (service already stopped?), cannot attempt"
                                + " SIGKILL...\n");
    }

    @Test
    void uninstallEndsTheServiceAndTakesItOutOfTheChefServersTree() throws Exception {
        long pid = runit.pid().orElseThrow();

        assertThat(machine.run("uninstall").status()).isZero();

        Await.until("the service's end", () -> ProcessHandle.of(pid).isEmpty());
        assertThat(machine.at("/opt/opscode/service")).isEmptyDirectory();
        assertThat(machine.at("/opt/opscode/init")).isEmptyDirectory();
    }
}
