package org.pushjobs.ctl.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.ctl.testing.FakeMachine;
import org.pushjobs.ctl.testing.FakeMachine.Ran;

/** A machine without a Chef server that systemd runs, with a systemctl that only writes down what it is told. */
class SystemdIT {
    private static final String UNIT = "/etc/systemd/system/opscode-pushy-server.service";

    @TempDir
    private Path root;

    private FakeMachine machine;

    @BeforeEach
    void makeMachine() throws Exception {
        machine = FakeMachine.empty(root);
        machine.directory("/run/systemd/system");
        machine.settings(
                "opscode_pushy_server['user'] = 'nobody'", "opscode_pushy_server['max_agent_connections'] = 1000");
        Path systemctl = machine.write(
                machine.at("/usr/bin/systemctl"),
                "#!/bin/sh\necho \"$*\" >> " + machine.at("/calls") + "\necho \"said of $1\"\n");
        Files.setPosixFilePermissions(systemctl, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private List<String> calls() throws Exception {
        Path file = machine.at("/calls");
        List<String> calls = Files.exists(file) ? Files.readAllLines(file) : List.of();
        Files.deleteIfExists(file);
        return calls;
    }

    @Test
    void unitIsMadeEnabledAndStartedAndLaterRestartedByWhatChanges() throws Exception {
        Ran ran = machine.run("reconfigure");

        assertThat(ran.err()).isEmpty();
        assertThat(ran.status()).isZero();
        assertThat(machine.read(UNIT))
                .contains("User=nobody\n")
                .contains("ExecStart=/opt/opscode-push-jobs-server/bin/pushjobs-server --config ")
                .contains("TimeoutStopSec=30\n")
                .contains("LimitNOFILE=5096\n");
        assertThat(machine.at("/etc/systemd/system/multi-user.target.wants/opscode-pushy-server.service"))
                .isSymbolicLink();
        assertThat(machine.at("/opt")).doesNotExist();
        assertThat(machine.at("/var/log")).doesNotExist();
        assertThat(calls()).startsWith("daemon-reload").endsWith("start opscode-pushy-server.service");

        assertThat(machine.run("reconfigure").out()).contains("Nothing had to be changed.");
        assertThat(calls()).isEmpty();

        machine.settings("opscode_pushy_server['user'] = 'nobody'", "opscode_pushy_server['api_port'] = 11003");
        machine.run("reconfigure");
        assertThat(calls()).startsWith("daemon-reload").endsWith("restart opscode-pushy-server.service");
    }

    @Test
    void commandsAreSystemctls() throws Exception {
        machine.run("reconfigure");
        calls();

        assertThat(machine.run("status").out()).isEqualTo("said of status\n");
        assertThat(machine.run("hup").status()).isZero();
        assertThat(machine.run("stop").status()).isZero();
        assertThat(machine.run("service-list").out()).isEqualTo("opscode-pushy-server*\n");

        assertThat(calls())
                .containsExactly(
                        "status --no-pager --lines=0 opscode-pushy-server.service",
                        "kill --signal=SIGHUP opscode-pushy-server.service",
                        "stop opscode-pushy-server.service");
    }

    @Test
    void uninstallTakesTheUnitAway() throws Exception {
        machine.run("reconfigure");
        calls();

        assertThat(machine.run("uninstall").status()).isZero();

        assertThat(machine.at(UNIT)).doesNotExist();
        assertThat(calls()).containsExactly("stop opscode-pushy-server.service", "daemon-reload");
    }
}
