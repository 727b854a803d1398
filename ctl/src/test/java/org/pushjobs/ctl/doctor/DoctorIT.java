package org.pushjobs.ctl.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.ctl.service.ServerProgram;
import org.pushjobs.ctl.testing.FakeMachine;
import org.pushjobs.ctl.testing.FakeMachine.Ran;
import org.pushjobs.ctl.testing.Postgres;

/** What {@code doctor} says of machines with something wrong. */
@ExtendWith(Postgres.Extension.class)
class DoctorIT {
    private static final String SECRETS = "/var/opt/opscode-push-jobs-server/opscode-pushy-server/secrets.json";

    @TempDir
    private Path root;

    private FakeMachine machine;

    @BeforeEach
    void makeMachine(Postgres postgres) {
        machine = FakeMachine.withSecrets(root, postgres.port());
    }

    @Test
    void machineThatWasNeverConfiguredIsToBeConfigured() {
        Ran ran = machine.run("doctor");

        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.out())
                .isEqualTo("wrong    settings    the server is not configured yet; run opscode-push-jobs-server-ctl"
                        + " reconfigure\n");
    }

    @Test
    void settingsThatCannotBeReadAreWrong() {
        machine.write(machine.layout().chefServerRunning(), "{");

        Ran ran = machine.run("doctor");

        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.out()).startsWith("wrong    settings    ").contains("chef-server-running.json");
    }

    @Test
    void configuredMachineIsLookedAtWithoutChangingAnything() {
        assertThat(machine.run("reconfigure").status()).isZero();
        var before = machine.contents();

        Ran ran = machine.run("doctor");

        assertThat(ran.out())
                .contains("ok       database    opscode_pushy at 127.0.0.1:")
                .contains("ok       keys        the server's are those of its cluster")
                .contains("ok       clocks      this machine's and that of the database agree")
                .contains("ok       secrets     ")
                .contains("ok       settings    the machine is as they say")
                .contains("wrong    service     is down; start it by opscode-push-jobs-server-ctl start")
                .contains("wrong    Chef API    https://chef.example.com does not answer")
                .contains("wrong    nginx       no file in ");
        assertThat(ran.status()).isEqualTo(2);
        assertThat(machine.contents()).isEqualTo(before);
        assertThat(machine.run("doctor", "-q").out()).doesNotContain("ok  ");
    }

    @Test
    void keysOfAnotherClusterAreWrong(Postgres postgres) throws Exception {
        machine.run("reconfigure");
        postgres.execute("opscode_pushy", "insert into cluster values (true, 'x', 1, 'of others', now())");

        assertThat(machine.run("doctor").out())
                .contains("wrong    keys        those in ")
                .contains("rotate-keys --adopt");
    }

    @Test
    void failoverThatDoesNotKnowTheServiceIsWrong() {
        machine.isInHa("ha");
        machine.runOn("be1.example.com", "reconfigure");
        Path script = machine.at("/var/opt/opscode/keepalived/bin/cluster.sh");

        assertThat(machine.runOn("be1.example.com", "doctor").out())
                .contains("wrong    failover    " + script + " does not name opscode-pushy-server");

        machine.write(script, "services='nginx'\n");
        assertThat(machine.runOn("be1.example.com", "doctor").out()).contains("wrong    failover    ");

        machine.write(script, "services='nginx opscode-pushy-server'\n");
        assertThat(machine.runOn("be1.example.com", "doctor").out())
                .contains("ok       failover    the Chef server's keepalived starts and stops the service");
    }

    @Test
    void failoverThatNamesAServiceThatIsNotToRunIsSaid() throws Exception {
        machine.isInHa("ha");
        machine.settings("opscode_pushy_server['enable'] = false");
        Path script = machine.at("/var/opt/opscode/keepalived/bin/cluster.sh");
        machine.write(script, "");
        Files.write(
                script,
                "# r\u00e9gl\u00e9\nservices='nginx opscode-pushy-server'\n".getBytes(StandardCharsets.ISO_8859_1));

        Ran ran = machine.runOn("be1.example.com", "doctor");

        assertThat(ran.out())
                .contains("ok       settings    can be used; the server is not to run on this machine")
                .contains("warning  failover    " + script + " still names opscode-pushy-server");
        assertThat(ran.status()).isEqualTo(1);
        assertThat(machine.runOn("fe1.example.com", "doctor").out()).doesNotContain("failover");
        Files.delete(script);
        assertThat(machine.runOn("be1.example.com", "doctor").status()).isZero();
    }

    @Test
    void memberThatDoesNotAnswerIsSaid() throws Exception {
        InetAddress other = InetAddress.getByName("127.0.0.2");
        int port;
        int busPort;
        try (ServerSocket member = new ServerSocket(0, 1, other)) {
            port = member.getLocalPort();
            try (ServerSocket bus = new ServerSocket(0, 1, other)) {
                busPort = bus.getLocalPort();
                machine.settings(
                        "opscode_pushy_server['cluster_members'] = ['127.0.0.1:10005', '127.0.0.2:" + port + "']",
                        "opscode_pushy_server['cluster_bus_port'] = " + busPort);
                assertThat(machine.run("reconfigure").status()).isZero();

                assertThat(machine.run("doctor").out())
                        .doesNotContain("warning  cluster")
                        .doesNotContain("wrong    cluster")
                        .contains("ok       cluster     cluster_port 10005 and cluster_bus_port " + busPort
                                + " are for 127.0.0.1 only; have a firewall close them");
            }
            assertThat(machine.run("doctor").out())
                    .contains("warning  cluster     the member at 127.0.0.2:" + busPort
                            + " (cluster_bus_port) cannot be reached");
        }
        assertThat(machine.run("doctor").out())
                .contains("warning  cluster     the member at 127.0.0.2:" + port + " (cluster_port) cannot be reached");
    }

    /** Its supervisor has it, its management port tells of two members, and its command line says what is given. */
    private HttpServer serverThatRuns(String clusterStatus) throws Exception {
        HttpServer management = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        management.createContext("/", exchange -> {
            byte[] metrics = "pushjobs_cluster_members 2.0\n".getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, metrics.length);
            exchange.getResponseBody().write(metrics);
            exchange.close();
        });
        management.start();
        // the server's user has to reach its program
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
        machine.settings(
                "opscode_pushy_server['cluster_members'] = ['127.0.0.1:10005', '127.0.0.2:10005']",
                "opscode_pushy_server['management_port'] = "
                        + management.getAddress().getPort());
        assertThat(machine.run("reconfigure").status()).isZero();
        machine.write(machine.at("/opt/opscode/embedded/bin/sv"), "");
        machine.write(machine.at("/opt/opscode/sv/opscode-pushy-server/supervise/ok"), "");
        machine.write(
                machine.at("/opt/opscode/sv/opscode-pushy-server/supervise/pid"),
                ProcessHandle.current().pid() + "\n");
        Path program = machine.write(machine.at(ServerProgram.PROGRAM), """
            #!/bin/sh
            [ "$3 $4 $5" = "cluster status --json" ] || exit 2
            cat <<EOF
            %s
            EOF
            exit 3
            """.formatted(clusterStatus));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return management;
    }

    @Test
    void whatDoesNotGoTogetherAmongMembersIsSaidAndNobodyKnocksAtThoseThatAnswer() throws Exception {
        HttpServer management = serverThatRuns("""
                2026-11-28T15:15:28.224Z WARN  Something: in passing
                {
                  "servers_expected" : 2,
                  "servers" : [ {"answers" : true}, {"answers" : true} ],
                  "conflicts" : [ "a and b tell agents the same address" ]
                }""");
        try {
            assertThat(machine.run("doctor").out())
                    .contains("ok       cluster     the server sees 2 of 2 members, itself included")
                    .contains("warning  cluster     a and b tell agents the same address\n")
                    .doesNotContain("the member at 127.0.0.2");
        } finally {
            management.stop(0);
        }
    }

    @Test
    void memberThatIsSeenAndDoesNotAnswerIsKnockedAt() throws Exception {
        HttpServer management =
                serverThatRuns("{\"servers_expected\":2,\"servers\":[{\"answers\":true},{\"answers\":false}]}");
        try {
            assertThat(machine.run("doctor").out())
                    .contains("warning  cluster     the member at 127.0.0.2:10006 (cluster_bus_port) cannot be reached")
                    .doesNotContain("go together");
        } finally {
            management.stop(0);
        }
    }

    @Test
    void serverThatCannotBeAskedOfItsClusterIsSaid() throws Exception {
        HttpServer management = serverThatRuns("only root and the server's user may ask the server");
        try {
            assertThat(machine.run("doctor").out())
                    .contains(
                            "warning  cluster     the server does not say whether versions and addresses of the members go"
                                    + " together: only root and the server's user may ask the server; see");
        } finally {
            management.stop(0);
        }
    }

    @Test
    void backendThatWaitsForItsTurnIsNotMissed() {
        machine.isInHa("ha");
        machine.hasAddress("be1.example.com", "127.0.0.1");
        machine.hasAddress("be2.example.com", "127.0.0.2");
        machine.runOn("be1.example.com", "reconfigure");

        assertThat(machine.runOn("be1.example.com", "doctor").out())
                .contains(
                        "ok       cluster     the member at 127.0.0.2:10005 (cluster_port) does not run, as on a backend");
    }

    @Test
    void nameThatLeadsToTheMachineItselfIsNoAddressForOthers() {
        machine.settings(
                "opscode_pushy_server['cluster_members'] = ['localhost:10005', 'no-such-host.invalid:10005']",
                "opscode_pushy_server['cluster_address'] = 'localhost'");
        machine.run("reconfigure");

        assertThat(machine.run("doctor").out())
                .contains("wrong    cluster     cluster_address is localhost, which on this machine leads to 127.x.x.x")
                .contains(
                        "wrong    cluster     the member at no-such-host.invalid:10005 (cluster_port) has a name that");
    }

    @Test
    void secretsThatEverybodyMayReadAreWrong() throws Exception {
        machine.run("reconfigure");
        Files.setPosixFilePermissions(machine.at(SECRETS), PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(machine.run("doctor").out())
                .contains("wrong    secrets     everybody on this machine may open " + machine.at(SECRETS))
                .contains("warning  settings    the machine is not as they say");
    }

    @Test
    void databaseThatDoesNotAnswerIsWrong() throws Exception {
        machine.run("reconfigure");
        var running = machine.running();
        try (ServerSocket closed = new ServerSocket(0)) {
            ((ObjectNode) running.at("/private_chef/postgresql")).put("port", closed.getLocalPort());
        }
        machine.running(running);

        assertThat(machine.run("doctor").out()).contains("wrong    database    the database at 127.0.0.1:");
    }

    @Test
    void portThatSomebodyElseHasIsWrong() throws Exception {
        try (ServerSocket other = new ServerSocket(0)) {
            machine.settings("opscode_pushy_server['api_port'] = " + other.getLocalPort());
            machine.run("reconfigure");

            assertThat(machine.run("doctor").out())
                    .contains("wrong    ports       api_port is " + other.getLocalPort() + ", which cannot be opened");
        }
    }

    @Test
    void chefServerThatDoesNotKnowTheKeyIsWrong() throws Exception {
        HttpServer chef = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        int[] status = {401};
        chef.createContext("/users/pivotal", exchange -> {
            boolean signed = exchange.getRequestHeaders().containsKey("X-Ops-Authorization-1");
            exchange.sendResponseHeaders(signed ? status[0] : 400, -1);
            exchange.close();
        });
        chef.start();
        try {
            machine.settings("opscode_pushy_server['erchef_root_url'] = 'http://127.0.0.1:"
                    + chef.getAddress().getPort() + "'");
            machine.run("reconfigure");

            assertThat(machine.run("doctor").out())
                    .contains("wrong    Chef API    http://127.0.0.1:")
                    .contains("does not believe the key of pivotal (401)")
                    .contains("ok       clocks      this machine's and that of the Chef server agree");
            status[0] = 200;
            assertThat(machine.run("doctor").out()).contains("answers and knows the key of pivotal");
        } finally {
            chef.stop(0);
        }
    }
}
