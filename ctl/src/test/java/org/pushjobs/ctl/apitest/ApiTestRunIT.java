package org.pushjobs.ctl.apitest;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.ctl.testing.FakeMachine;
import org.pushjobs.ctl.testing.FakeMachine.Ran;

/** What {@code test} prepares and takes away, with programs in the place of the server's and the test's. */
class ApiTestRunIT {
    private static final String BIN = "/opt/opscode-push-jobs-server/bin/";

    @TempDir
    private Path root;

    private Path calls;

    @BeforeEach
    void openRoot() throws Exception {
        // the server's user has to reach the programs
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void program(FakeMachine machine, String name, String script) throws Exception {
        Path directory = machine.directory("/calls");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        calls = directory.resolve("calls");
        Path program = machine.write(machine.at(BIN + name), "#!/bin/sh\n" + script);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Writes down who ran it, keeps its settings, and makes a report. */
    private void testProgram(FakeMachine machine, int status) throws Exception {
        program(machine, "pushjobs-api-test", """
            echo "$(id -un) $1 $3" >>%1$s/calls
            cat "$2" >%1$s/settings
            [ "$4" != --junit-file ] || echo report >"$5"
            exit %2$d
            """.formatted(root.resolve("calls"), status));
    }

    @Test
    void aloneItHasSomebodyMadeByTheServer() throws Exception {
        FakeMachine machine = FakeMachine.empty(root);
        machine.settings("opscode_pushy_server['user'] = 'nobody'", "opscode_pushy_server['vip'] = 'jobs.example.com'");
        machine.write(machine.at("/var/opt/opscode-push-jobs-server/opscode-pushy-server/server.json"), "{}");
        testProgram(machine, 1);
        program(machine, "pushjobs-server", "shift 2; echo \"$*\" >>" + root.resolve("calls/calls") + "\n");
        Path report = root.resolve("report.xml");

        Ran ran = machine.run("test", "--all", "-J", report.toString());

        assertThat(ran.err()).isEmpty();
        assertThat(ran.status()).isEqualTo(1);
        List<String> called = Files.readAllLines(calls);
        assertThat(called.stream()
                        .map(call ->
                                call.replaceAll("pushjobs-test-\\w{8}", "T").replaceAll("/\\S+", "FILE"))
                        .toList())
                .containsExactly(
                        "directory org-create T",
                        "directory user-create T --public-key FILE --org T --admin",
                        "directory client-create T T-agent --public-key FILE",
                        "nobody --settings --all",
                        "directory user-delete T --confirm",
                        "directory org-delete T --abandon-jobs --confirm");
        assertThat(machine.read("/calls/settings"))
                .contains("\"url\":\"http://jobs.example.com:10003\"")
                .contains("\"organisation\":\"pushjobs-test-");
        assertThat(report).hasContent("report");
    }

    @Test
    void onAChefServerItHasAnOrganisationOfItsOwn() throws Exception {
        List<String> requests = new CopyOnWriteArrayList<>();
        HttpServer chef = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        chef.createContext("/", exchange -> answer(exchange, requests));
        chef.start();
        try {
            FakeMachine machine = FakeMachine.withSecrets(root, 5432);
            machine.settings("opscode_pushy_server['erchef_root_url'] = 'http://127.0.0.1:"
                    + chef.getAddress().getPort() + "'");
            testProgram(machine, 0);

            Ran ran = machine.run("test");

            assertThat(ran.err()).isEmpty();
            assertThat(ran.status()).isZero();
            assertThat(Files.readAllLines(calls)).containsExactly("nobody --settings --smoke");
            assertThat(requests.stream()
                            .map(request -> request.replaceAll("pushjobs-test-\\w{8}", "T"))
                            .toList())
                    .containsExactly(
                            "POST /users",
                            "POST /organizations",
                            "POST /organizations/T/users",
                            "GET /organizations/T/groups/admins",
                            "PUT /organizations/T/groups/admins",
                            "POST /organizations/T/clients",
                            "DELETE /organizations/T",
                            "DELETE /users/T");
            assertThat(machine.read("/calls/settings"))
                    .contains("\"url\":\"http://127.0.0.1:" + chef.getAddress().getPort() + "\"");
        } finally {
            chef.stop(0);
        }
    }

    @Test
    void whoIsNamedIsUsedAndStays() throws Exception {
        FakeMachine machine = FakeMachine.withSecrets(root, 5432);
        testProgram(machine, 0);
        Path key = machine.write(root.resolve("key.pem"), "a key");

        Ran ran = machine.run(
                "test",
                "--org",
                "acme",
                "--user",
                "amy",
                "--user-key",
                key.toString(),
                "--client",
                "n1",
                "--client-key",
                key.toString());

        assertThat(ran.err()).isEmpty();
        assertThat(ran.status()).isZero();
        assertThat(machine.read("/calls/settings"))
                .contains("\"organisation\":\"acme\"", "\"user\":\"amy\"", "\"client\":\"n1\"");
        assertThat(machine.run("test", "--org", "acme").status()).isEqualTo(2);
    }

    private static void answer(HttpExchange exchange, List<String> requests) throws IOException {
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        byte[] body = "{\"users\":[\"pivotal\"],\"clients\":[],\"groups\":[]}".getBytes(StandardCharsets.UTF_8);
        exchange.getRequestBody().readAllBytes();
        exchange.sendResponseHeaders(exchange.getRequestHeaders().containsKey("X-Ops-Sign") ? 200 : 401, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
