package org.pushjobs.apitest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pushjobs.protocol.keys.PemKeys;

/**
 * A machine with the files and the database of an original server, of which reconfigure makes one of ours: programs as they are,
 * and an agent that has known the original by its key and is not touched. The stand-in for the original has its key pair and
 * what an agent sees of it; it is a server of ours, with keys for encryption of its own, as the original makes them at each start.
 */
class TakeoverIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SERVER = "org.pushjobs.server.PushJobsServer";
    private static final String CTL = "org.pushjobs.ctl.PushJobsCtl";
    private static final String STATE = "/var/opt/opscode-push-jobs-server";
    private static final String OWN = STATE + "/opscode-pushy-server";
    private static final String CONFIGURATION = "/etc/opscode-push-jobs-server";
    private static final String SECRETS = "/etc/opscode/private-chef-secrets.json";
    private static final String PASSWORD = "0123456789abcdef".repeat(6);
    private static final String OF_READERS = "fedcba9876543210".repeat(6);
    private static final String JOB = "1".repeat(32);
    private static final String INTERRUPTED_JOB = "2".repeat(32);

    /** Where the originals keep their secrets. */
    private enum Original {
        VERSION_3_0_4,
        VERSION_2_1
    }

    @TempDir
    private Path directory;

    private final KeyPair userKeys = PemKeys.generate();
    private final KeyPair clientKeys = PemKeys.generate();
    private final List<Process> processes = new ArrayList<>();
    private List<Integer> ports;
    private Path root;
    private ErchefStandIn chef;
    private EmbeddedPostgres postgres;

    @BeforeEach
    void begin() throws Exception {
        assumeThat(System.getProperty("user.name"))
                .as("files are given to other users, and /var/opt is another one for the server")
                .isEqualTo("root");
        root = Files.createDirectory(directory.resolve("root"));
        ports = freePorts(4);
        chef = new ErchefStandIn(PemKeys.toPem((RSAPublicKey) userKeys.getPublic()), PemKeys.toPem((RSAPublicKey)
                clientKeys.getPublic()));
        postgres = EmbeddedPostgres.builder().start();
    }

    @AfterEach
    void end() throws Exception {
        for (Process process : processes) {
            stop(process);
        }
        if (postgres != null) {
            postgres.close();
            chef.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void everythingIsTakenOverAndAgentsDoNotNotice(Original original) throws Exception {
        TestSettings settings = settings();
        Process standIn = startStandIn();
        ObjectNode known =
                (ObjectNode) JSON.readTree(directory.resolve("secrets.json").toFile());
        try (AgentProcess agent = AgentProcess.start(settings)) {
            Api api = new Api(settings);
            await(agent, "the agent knows the original", () -> isAvailable(api));
            stop(standIn);
            leaveWhatAnOriginalLeaves(
                    original,
                    known.path("heartbeat_private_key").asText(),
                    known.path("heartbeat_public_key").asText());

            String said = reconfigure();

            assertThat(said).contains("opscode-push-jobs-server Reconfigured!");
            assertThat(reconfigure()).contains("Nothing had to be changed.");
            assertSecretsAre(known);
            startServer();
            await(agent, "the server answers", () -> answers(api));
            await(
                    agent,
                    "the job that the original left",
                    () -> api.get("jobs/" + INTERRUPTED_JOB)
                            .json()
                            .at("/nodes/crashed/0")
                            .asText()
                            .equals("node-1"));
            await(agent, "the agent is there", () -> isAvailable(api));
            JsonNode started = api.post("jobs", Map.of("command", AgentProcess.SUCCEEDS, "nodes", List.of("node-1")))
                    .require(201)
                    .json();
            String job = started.path("uri").asText().replaceFirst(".*/", "");
            await(
                    agent,
                    "its job",
                    () -> api.get("jobs/" + job).json().path("status").asText().equals("complete"));
            assertJobsCanBeRead(api);
            assertThat(agent.isAlive()).isTrue();
        }
    }

    private void assertSecretsAre(JsonNode known) throws Exception {
        JsonNode server = JSON.readTree(at(OWN + "/secrets.json").toFile());
        assertThat(server.path("heartbeat_private_key")).isEqualTo(known.path("heartbeat_private_key"));
        assertThat(server.path("heartbeat_public_key")).isEqualTo(known.path("heartbeat_public_key"));
        assertThat(server.path("curve_public_key")).isNotEqualTo(known.path("curve_public_key"));
        assertThat(Files.readString(at(OWN + "/database-password")).strip()).isEqualTo(PASSWORD);
        assertThat(at(CONFIGURATION).toFile().list())
                .containsExactlyInAnyOrder(
                        "opscode-push-jobs-server.rb", "opscode-push-jobs-server-running.json", "pedant_config.rb");
        assertThat(at(OWN).toFile().list())
                .containsExactlyInAnyOrder("server.json", "secrets.json", "database-password", "superuser.pem");
    }

    private static void assertJobsCanBeRead(Api api) throws Exception {
        JsonNode job =
                api.get("jobs/" + JOB + "?include_output=true").require(200).json();
        assertThat(job.path("command").asText()).isEqualTo("chef-client");
        assertThat(job.path("status").asText()).isEqualTo("complete");
        assertThat(job.path("user").asText()).isEqualTo("nobody");
        assertThat(job.path("env").path("COLOUR").asText()).isEqualTo("blue");
        assertThat(job.at("/nodes/succeeded/0").asText()).isEqualTo("node-1");
        assertThat(job.at("/nodes/failed/0").asText()).isEqualTo("node-2");
        assertThat(api.getAs("application/octet-stream", "jobs/" + JOB + "/output/node-1/stdout")
                        .require(200)
                        .body())
                .isEqualTo("of the original");
        assertThat(api.get("jobs").require(200).body()).contains(JOB, INTERRUPTED_JOB);
    }

    private static boolean answers(Api api) throws Exception {
        try {
            return api.get("jobs").status() == 200;
        } catch (IOException e) {
            return false; // it starts
        }
    }

    private static boolean isAvailable(Api api) throws Exception {
        try {
            JsonNode node = api.get("node_states/node-1").json();
            return node.path("availability").asText().equals("available");
        } catch (IOException | CaseFailure e) {
            return false; // it starts
        }
    }

    private TestSettings settings() throws IOException {
        Path files = Files.createDirectory(
                directory.resolve("agent"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path userKey = write(directory.resolve("alice.pem"), PemKeys.toPem((RSAPrivateKey) userKeys.getPrivate()));
        Path clientKey = write(directory.resolve("node-1.pem"), PemKeys.toPem((RSAPrivateKey) clientKeys.getPrivate()));
        return new TestSettings(
                URI.create("http://127.0.0.1:" + ports.get(0)),
                "acme",
                "alice",
                userKey,
                "node-1",
                clientKey,
                null,
                false,
                files);
    }

    /** As the original: known by a key pair, at these ports, and encrypted by keys that it has made itself. */
    private Process startStandIn() throws Exception {
        write(directory.resolve("pivotal.pem"), PemKeys.toPem((RSAPrivateKey) userKeys.getPrivate()));
        ObjectNode config = JSON.createObjectNode()
                .put("database", "embedded")
                .put("data_directory", directory.resolve("data").toString())
                .put("secrets_file", directory.resolve("secrets.json").toString())
                .put("directory", "chef_server")
                .put("superuser_key_file", directory.resolve("pivotal.pem").toString())
                .put("erchef_root_url", "http://127.0.0.1:" + chef.port())
                .put("erchef_port", chef.port())
                .put("server_name_advertised", "127.0.0.1")
                .put("heartbeat_interval", 500)
                .put("api_port", ports.get(0))
                .put("server_heartbeat_port", ports.get(1))
                .put("command_port", ports.get(2))
                .put("management_port", ports.get(3));
        Path file = directory.resolve("stand-in.json");
        JSON.writeValue(file.toFile(), config);
        Process process = start("stand-in.log", JavaProgram.command(SERVER, "--config", file.toString()));
        await(process, "stand-in.log", () -> Files.exists(directory.resolve("secrets.json")));
        return process;
    }

    private void startServer() throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount --bind \"$0\" /var/opt && exec \"$@\"",
                at("/var/opt").toString()));
        command.addAll(JavaProgram.command(SERVER, "--config", OWN + "/server.json"));
        start("server.log", command);
    }

    private String reconfigure() throws Exception {
        List<String> command = JavaProgram.command(CTL, "reconfigure");
        command.add(1, "-Dpushjobs.ctl.root=" + root);
        command.add(1, "-Dpushjobs.rubyconfig.home=" + System.getProperty("pushjobs.rubyconfig.home"));
        Process process = start("reconfigure.log", command);
        assertThat(process.waitFor()).as(() -> read("reconfigure.log")).isZero();
        return read("reconfigure.log");
    }

    private void leaveWhatAnOriginalLeaves(Original original, String privateKey, String publicKey) throws Exception {
        ObjectNode running = JSON.createObjectNode();
        ObjectNode privateChef =
                running.putObject("private_chef").put("role", "standalone").put("topology", "standalone");
        privateChef
                .putObject("postgresql")
                .put("vip", "127.0.0.1")
                .put("port", postgres.getPort())
                .put("db_superuser", "postgres");
        privateChef.putObject("user").put("username", System.getProperty("user.name"));
        privateChef.putObject("lb").put("api_fqdn", "chef.example.com");
        privateChef.putObject("nginx").put("dir", "/var/opt/opscode/nginx");
        write(at("/etc/opscode/chef-server-running.json"), running.toString());
        Files.createDirectories(at("/var/opt/opscode/nginx/etc/addon.d"));
        write(at(STATE + "/bootstrapped"), "All your bootstraps are belong to Pushy");
        write(at(OWN + "/sys.config"), "[].");
        write(at(OWN + "/vm.args"), "-name pushy@127.0.0.1");
        write(at(CONFIGURATION + "/pedant_config.rb"), "");
        write(at(CONFIGURATION + "/opscode-push-jobs-server.rb"), operatorsFile());
        secrets(original, privateKey, publicKey);
        fillDatabase();
    }

    private void secrets(Original original, String privateKey, String publicKey) throws Exception {
        String superuserKey = PemKeys.toPem((RSAPrivateKey) userKeys.getPrivate());
        ObjectNode credentials = JSON.createObjectNode();
        credential(credentials, "postgresql", "db_superuser_password", "s");
        credential(credentials, "chef-server", "superuser_key", superuserKey);
        switch (original) {
            case VERSION_3_0_4 -> {
                credential(credentials, "push-jobs-server", "pushy_priv_key", privateKey);
                credential(credentials, "push-jobs-server", "pushy_pub_key", publicKey);
                credential(credentials, "push-jobs-server", "sql_password", PASSWORD);
                credential(credentials, "push-jobs-server", "sql_ro_password", OF_READERS);
            }
            case VERSION_2_1 -> {
                write(at(CONFIGURATION + "/pushy_priv.pem"), privateKey);
                write(at(CONFIGURATION + "/pushy_pub.pem"), publicKey);
                ObjectNode old = JSON.createObjectNode();
                old.putObject("postgresql").put("sql_password", PASSWORD).put("sql_ro_password", OF_READERS);
                write(at(CONFIGURATION + "/opscode-push-jobs-server-secrets.json"), old.toString());
            }
        }
        write(at(SECRETS), encrypted(credentials));
    }

    private static void credential(ObjectNode credentials, String group, String name, String value) {
        credentials
                .withObject("/" + group)
                .putObject(name)
                .put("type", "Veil::Credential")
                .put("name", name)
                .put("group", group)
                .put("value", value)
                .put("version", 1)
                .put("length", value.length())
                .put("frozen", true);
    }

    /** Version 2 of the Chef server's file. */
    private static String encrypted(ObjectNode credentials) throws Exception {
        byte[] key = new byte[32];
        byte[] iv = new byte[16];
        Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(iv));
        byte[] hidden = cipher.doFinal(credentials.toString().getBytes(StandardCharsets.UTF_8));
        ObjectNode document = JSON.createObjectNode();
        ObjectNode veil = document.putObject("veil")
                .put("type", "Veil::CredentialCollection::ChefSecretsFile")
                .put("version", 2);
        veil.putObject("cipher")
                .put("type", "Veil::Cipher::V2")
                .put("key", Base64.getEncoder().encodeToString(key))
                .put("iv", Base64.getEncoder().encodeToString(iv));
        veil.put("credentials", Base64.getEncoder().encodeToString(hidden));
        return document.toString();
    }

    /** Every attribute of the original (packaging-ha.md, section 2.2), numbers as texts and as numbers, and where the Chef server is. */
    private String operatorsFile() {
        return """
            opscode_pushy_server['enable'] = true
            opscode_pushy_server['ha'] = false
            opscode_pushy_server['dir'] = '/var/opt/opscode-push-jobs-server/opscode-pushy-server'
            opscode_pushy_server['log_directory'] = '/var/log/opscode/opscode-pushy-server'
            opscode_pushy_server['log_rotation']['file_maxbytes'] = '104857600'
            opscode_pushy_server['log_rotation']['num_to_keep'] = 10
            opscode_pushy_server['listen'] = '127.0.0.1'
            opscode_pushy_server['vip'] = '127.0.0.1'
            opscode_pushy_server['server_name_advertised'] = '127.0.0.1'
            opscode_pushy_server['api_port'] = '%d'
            opscode_pushy_server['server_heartbeat_port'] = '%d'
            opscode_pushy_server['command_port'] = %d
            opscode_pushy_server['zeromq_listen_address'] = 'tcp://*'
            opscode_pushy_server['zmq_io_processes'] = '1'
            opscode_pushy_server['heartbeat_interval'] = 500
            opscode_pushy_server['down_threshold'] = '0.6'
            opscode_pushy_server['decay_window'] = 4
            opscode_pushy_server['detect_offline_nodes_interval'] = '4'
            opscode_pushy_server['validate_client_node_name'] = 'true'
            opscode_pushy_server['max_body_size'] = 65536
            opscode_pushy_server['db_pool_size'] = '5'
            opscode_pushy_server['ibrowse_max_sessions'] = 256
            opscode_pushy_server['ibrowse_max_pipeline_size'] = 1
            opscode_pushy_server['chef_api_version'] = '11.1.0'
            opscode_pushy_server['enable_graphite'] = false
            opscode_pushy_server['graphite_host'] = 'localhost'
            opscode_pushy_server['graphite_port'] = '2003'
            opscode_pushy_server['keyring_dir'] = '/etc/opscode-push-jobs-server'
            postgresql['database_name'] = 'opscode_pushy'
            postgresql['username'] = 'opscode-pgsql'
            postgresql['sql_user'] = 'opscode_pushy'
            postgresql['sql_ro_user'] = 'opscode_pushy_ro'
            postgresql['vip'] = '127.0.0.1'
            postgresql['port'] = 5432
            bootstrap['enable'] = true
            oc_chef_pedant['dir'] = '/var/opt/opscode/oc-chef-pedant'
            oc_chef_pedant['log_directory'] = '/var/log/opscode/oc-chef-pedant'
            oc_chef_pedant['log_http_requests'] = true
            opscode_pushy_server['management_port'] = %d
            opscode_pushy_server['erchef_root_url'] = 'http://127.0.0.1:%5$d'
            opscode_pushy_server['erchef_port'] = %5$d
            """.formatted(ports.get(0), ports.get(1), ports.get(2), ports.get(3), chef.port());
    }

    private void fillDatabase() throws Exception {
        execute(
                "postgres",
                "create role opscode_pushy login password '" + PASSWORD + "'",
                "create role opscode_pushy_ro login password '" + OF_READERS + "'",
                "create database opscode_pushy owner opscode_pushy template template0 encoding 'UTF8'");
        try (var sql = TakeoverIT.class.getResourceAsStream("original-database.sql")) {
            execute("opscode_pushy", new String(sql.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private void execute(String database, String... statements) throws Exception {
        try (Connection connection = DriverManager.getConnection(postgres.getJdbcUrl("postgres", database));
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private Path at(String path) {
        return root.resolve(path.substring(1));
    }

    private static Path write(Path file, String content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    private Process start(String log, List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(log).toFile())
                .start();
        processes.add(process);
        return process;
    }

    private static void stop(Process process) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }

    private String read(String name) {
        try {
            return Files.readString(directory.resolve(name));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private void await(AgentProcess agent, String what, Callable<Boolean> condition) throws Exception {
        await(processes.getLast(), what, () -> {
            assertThat(agent.isAlive()).as(agent::lastLines).isTrue();
            return condition.call();
        });
    }

    private void await(Process process, String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            assertThat(process.isAlive() && System.nanoTime() < deadline)
                    .as(() -> what + "\n" + read("stand-in.log") + "\n" + read("server.log"))
                    .isTrue();
            process.waitFor(100, TimeUnit.MILLISECONDS);
        }
    }

    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }
}
