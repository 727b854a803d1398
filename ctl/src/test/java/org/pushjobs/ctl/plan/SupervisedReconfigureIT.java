package org.pushjobs.ctl.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.ctl.testing.Await;
import org.pushjobs.ctl.testing.FakeMachine;
import org.pushjobs.ctl.testing.FakeMachine.Ran;
import org.pushjobs.ctl.testing.Postgres;
import org.pushjobs.ctl.testing.Runsvdir;

/** Reconfigure under a real runit; what runs instead of the server says with what it was started. */
@ExtendWith(Postgres.Extension.class)
class SupervisedReconfigureIT {
    @TempDir
    private Path root;

    private FakeMachine machine;
    private Runsvdir supervisor;

    @BeforeEach
    void superviseAMachine(Postgres postgres) throws Exception {
        machine = FakeMachine.withSecrets(root, postgres.port());
        machine.patience(Duration.ofSeconds(60));
        ObjectNode document = machine.running();
        ((ObjectNode) document.get("runit"))
                .put("chpst_bin", script("/server", "echo \"$*\" >> %s; exec sleep 1000"))
                .put("svlogd_bin", script("/log", "echo \"$*\" >> %s; exec cat > /dev/null"));
        machine.running(document);
        supervisor = Runsvdir.start(machine);
    }

    private String script(String path, String line) throws Exception {
        Path script =
                machine.write(machine.at(path), "#!/bin/sh\n" + line.formatted(machine.at(path + ".starts")) + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return script.toString();
    }

    private List<String> starts(String path) throws Exception {
        Path file = machine.at(path + ".starts");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    @AfterEach
    void stopSupervising() throws Exception {
        if (supervisor != null) {
            supervisor.stop();
        }
    }

    @Test
    void firstOneStartsTheServerAndLaterOnesRestartOnlyWhatTheyChange() throws Exception {
        Ran first = machine.run("reconfigure");

        assertThat(first.err()).isEmpty();
        assertThat(first.status()).isZero();
        assertThat(first.out()).contains("ok: run: opscode-pushy-server: (pid ");
        Await.until("the server", () -> starts("/server").size() == 1);
        assertThat(starts("/server").getFirst())
                .isEqualTo("-P -u nobody -U nobody env HOME=/var/opt/opscode-push-jobs-server/opscode-pushy-server"
                        + " /opt/opscode-push-jobs-server/bin/pushjobs-server --config"
                        + " /var/opt/opscode-push-jobs-server/opscode-pushy-server/server.json");
        Await.until("its log", () -> starts("/log").equals(List.of("-tt /var/log/opscode/opscode-pushy-server")));
        assertThat(machine.run("status").status()).isZero();

        assertThat(machine.run("reconfigure").out()).contains("Nothing had to be changed.");
        assertThat(starts("/server")).hasSize(1);

        machine.settings("opscode_pushy_server['heartbeat_interval'] = 1000");
        assertThat(machine.run("reconfigure").status()).isZero();
        Await.until("the server anew", () -> starts("/server").size() == 2);
        assertThat(starts("/log")).hasSize(1);

        machine.settings(
                "opscode_pushy_server['heartbeat_interval'] = 1000",
                "opscode_pushy_server['log_rotation']['num_to_keep'] = 5");
        assertThat(machine.run("reconfigure").status()).isZero();
        Await.until("the log anew", () -> starts("/log").size() == 2);
        assertThat(starts("/server")).hasSize(2);
    }

    @Test
    void firstReconfigureAfterAnUpgradeOfThePackageRestartsTheServer() throws Exception {
        Path manifest = machine.at("/opt/opscode-push-jobs-server/version-manifest.txt");
        machine.write(manifest, "opscode-push-jobs-server 4.0.0\n\nComponent\n");
        machine.run("reconfigure");
        Await.until("the server", () -> starts("/server").size() == 1);
        machine.write(manifest, "opscode-push-jobs-server 4.0.1\n\nComponent\n");

        assertThat(machine.run("reconfigure").out())
                .contains("-# For opscode-push-jobs-server 4.0.0.")
                .contains("+# For opscode-push-jobs-server 4.0.1.");

        Await.until("the server anew", () -> starts("/server").size() == 2);
        assertThat(machine.run("reconfigure").out()).contains("Nothing had to be changed.");
    }

    @Test
    void serverThatWasStoppedStaysSoWhenSettingsChange() throws Exception {
        machine.run("reconfigure");
        Await.until("the server", () -> starts("/server").size() == 1);
        machine.run("stop");
        machine.settings("opscode_pushy_server['heartbeat_interval'] = 1000");

        assertThat(machine.run("reconfigure").status()).isZero();

        assertThat(machine.run("status").status()).isEqualTo(3);
        assertThat(starts("/server")).hasSize(1);
    }

    @Test
    void serviceThatIsNotStartedCanBeStartedAtOnce() throws Exception {
        machine.settings("bootstrap['enable'] = false");
        machine.run("reconfigure");

        assertThat(machine.run("status").status()).isNotEqualTo(4);
        assertThat(machine.run("start").out()).startsWith("ok: run: opscode-pushy-server: ");
    }

    @Test
    void onABackendOnlyKeepalivedStartsTheServer() throws Exception {
        String name = "be1.example.com";
        machine.isInHa("ha");
        Path status = machine.at("/var/opt/opscode/keepalived/current_cluster_status");
        machine.write(status, "backup\n");

        assertThat(machine.runOn(name, "reconfigure").status()).isZero();
        assertThat(machine.runOn(name, "status").status()).isEqualTo(3);
        assertThat(starts("/server")).isEmpty();

        machine.write(status, "master\n");
        assertThat(machine.runOn(name, "start").status()).isZero();
        Await.until("the server", () -> starts("/server").size() == 1);
        machine.settings("opscode_pushy_server['heartbeat_interval'] = 1000");
        assertThat(machine.runOn(name, "reconfigure").status()).isZero();
        Await.until("the server anew", () -> starts("/server").size() == 2);

        assertThat(machine.runOn(name, "graceful-kill").status()).isZero();
        machine.write(status, "backup\n");
        machine.settings("opscode_pushy_server['heartbeat_interval'] = 2000");
        assertThat(machine.runOn(name, "reconfigure").status()).isZero();
        // its supervisor was ended, too, and comes again within 5 s
        Await.until("it is down", () -> machine.runOn(name, "status").status() == 3);
        assertThat(starts("/server")).hasSize(2);
    }

    @Test
    void theFirstReconfigureOnTheMasterStartsTheServer() throws Exception {
        machine.isInHa("ha");
        machine.write(machine.at("/var/opt/opscode/keepalived/current_cluster_status"), "master\n");

        assertThat(machine.runOn("be1.example.com", "reconfigure").status()).isZero();

        Await.until("the server", () -> starts("/server").size() == 1);
    }

    @Test
    void serverEndsOnAMachineThatBecomesAFrontend() throws Exception {
        machine.run("reconfigure");
        Await.until("the server", () -> starts("/server").size() == 1);
        String pid = machine.read("/opt/opscode/sv/opscode-pushy-server/supervise/pid")
                .strip();
        machine.isInHa("tier");

        assertThat(machine.runOn("fe1.example.com", "reconfigure").status()).isZero();

        assertThat(ProcessHandle.of(Long.parseLong(pid))).isEmpty();
        assertThat(machine.at("/opt/opscode/service")).isEmptyDirectory();
    }
}
