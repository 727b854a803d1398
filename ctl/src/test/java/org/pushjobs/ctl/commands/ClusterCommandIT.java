package org.pushjobs.ctl.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushjobs.ctl.service.ServerProgram;
import org.pushjobs.ctl.testing.FakeMachine;
import org.pushjobs.ctl.testing.FakeMachine.Ran;

/** The commands for several servers, with a program in the server's place that says how it was called. */
class ClusterCommandIT {
    private static final String DIRECTORY = "/var/opt/opscode-push-jobs-server/opscode-pushy-server";
    private static final String SETTINGS = DIRECTORY + "/server.json";

    @TempDir
    private Path root;

    private FakeMachine machine;

    @BeforeEach
    void makeMachine() throws Exception {
        // the server's user has to reach the program
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
        machine = FakeMachine.empty(root);
    }

    private void configured(String... says) throws Exception {
        machine.settings("opscode_pushy_server['user'] = 'nobody'");
        assertThat(machine.run("reconfigure").status()).isZero();
        Path program = machine.write(machine.at(ServerProgram.PROGRAM), """
            #!/bin/sh
            echo "2026-11-28T15:15:28.224Z INFO  Something: in passing"
            echo "$(id -un): $*"
            %s
            exit 3
            """.formatted(String.join("\n", says)));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @ParameterizedTest
    @CsvSource({
        "ha-status, status",
        "ha-status --json, status --json",
        "ha-promote, promote",
        "drain --force --per-second 50, drain --force --per-second 50",
        "drain --status, drain --status",
        "drain --wait 600, drain --wait 600",
        "undrain, undrain"
    })
    void serverOfThisMachineIsAskedAsItsUser(String line, String called) throws Exception {
        configured();

        Ran ran = machine.run(line.split(" "));

        assertThat(ran).isEqualTo(new Ran(3, "nobody: --config " + SETTINGS + " cluster " + called + "\n", ""));
    }

    @Test
    void machineThatIsNotConfiguredIsToBeConfigured() {
        Ran ran = machine.run("ha-status");

        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.err()).contains("run opscode-push-jobs-server-ctl reconfigure");
    }

    @Test
    void mistakeInTheSettingsKeepsNobodyFromAskingTheServerThatRuns() throws Exception {
        configured();
        machine.settings("opscode_pushy_server['user'] = 'nobody'", "opscode_pushy_server['no_such_setting'] = (");

        assertThat(machine.run("ha-status").out()).isEqualTo("nobody: --config " + SETTINGS + " cluster status\n");
    }

    @Test
    void whatTheServerWarnsOfIsNotInAnAnswerForScripts() throws Exception {
        String warning = "2026-11-28T15:15:28.300Z WARN  Something: is odd";
        configured("echo '" + warning + "'");

        Ran ran = machine.run("ha-status", "--json");

        assertThat(ran)
                .isEqualTo(new Ran(3, "nobody: --config " + SETTINGS + " cluster status --json\n", warning + "\n"));
    }

    @Test
    void serverThatIsNotToRunHereIsNotToBeConfigured() throws Exception {
        configured();
        machine.settings("opscode_pushy_server['user'] = 'nobody'", "opscode_pushy_server['enable'] = false");
        assertThat(machine.run("reconfigure").status()).isZero();

        Ran ran = machine.run("drain");

        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err())
                .startsWith("the server does not run on this machine, by its settings: ")
                .doesNotContain("reconfigure");
    }

    @Test
    void serverThatTheFailoverStillNeedsIsAsked() throws Exception {
        configured();
        String enabled = Files.readString(machine.layout().running());
        String disabled = enabled.replace("\"enable\" : true", "\"enable\" : false");
        assertThat(disabled).isNotEqualTo(enabled);
        machine.write(machine.layout().running(), disabled);

        assertThat(machine.run("ha-status").out()).startsWith("nobody: ");
    }
}
