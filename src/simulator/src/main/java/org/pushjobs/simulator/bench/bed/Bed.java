package org.pushjobs.simulator.bench.bed;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.RSAPrivateKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.simulator.DirectoryCommand;
import org.pushjobs.simulator.bench.Scale;
import org.pushjobs.simulator.fleet.FleetSettings.Subscription;
import org.pushjobs.simulator.fleet.NodeNames;

/**
 * Everything that measurements are made on: a database with an organisation of simulated nodes, and the means to start
 * servers and simulators, each as a process of its own. Its files are in one directory.
 */
public final class Bed implements AutoCloseable {
    /** The organisation. */
    public static final String ORG = "bench";

    private static final String ADMIN = "admin";
    private static final String SERVER = "server";
    private static final NodeNames NAMES = new NodeNames(NodeNames.DEFAULT_PREFIX, 1);
    /** Attempts of thousands of agents while no server listens would take the CPU that it needs to start. */
    private static final String RECONNECT_PAUSE_MILLIS = "1000";

    private static final String REPORT_EVERY_MILLIS = "100";

    private final Programs programs;
    private final Scale scale;
    private final Path directory;
    private final BenchDatabase database;
    private final RSAPrivateKey adminKey;

    private Bed(Programs programs, Scale scale, Path directory, BenchDatabase database, RSAPrivateKey adminKey) {
        this.programs = programs;
        this.scale = scale;
        this.directory = directory;
        this.database = database;
        this.adminKey = adminKey;
    }

    /**
     * Starts the database and makes the organisation.
     *
     * @param directory empty
     * @param nodes of the organisation
     */
    public static Bed make(Programs programs, Scale scale, Path directory, int nodes)
            throws IOException, InterruptedException {
        BenchDatabase database = BenchDatabase.start(directory.resolve("database"));
        try {
            DirectoryCommand.write(directory, ORG, ADMIN, NAMES, nodes);
            RSAPrivateKey adminKey = importDirectory(programs, directory, database);
            return new Bed(programs, scale, directory, database, adminKey);
        } catch (IOException | InterruptedException | RuntimeException e) {
            database.close();
            throw e;
        }
    }

    private static RSAPrivateKey importDirectory(Programs programs, Path directory, BenchDatabase database)
            throws IOException, InterruptedException {
        Path config = Files.writeString(
                directory.resolve("import.json"),
                "{\"database\": \"" + database.url() + "\", \"server_name_advertised\": \"127.0.0.1\"}");
        Path log = directory.resolve("import.log");
        Process process = new ProcessBuilder(programs.server(
                        "--config",
                        config.toString(),
                        "directory",
                        "import",
                        directory.resolve("directory.json").toString()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (process.waitFor() != 0) {
            throw new BenchException("the nodes could not be imported: " + Files.readString(log));
        }
        return PemKeys.privateKey(Files.readString(directory.resolve("admin.pem")));
    }

    public Scale scale() {
        return scale;
    }

    public BenchDatabase database() {
        return database;
    }

    /** For files of measurements. */
    public Path directory() {
        return directory;
    }

    /** A server with the default settings but for its heartbeat interval. */
    public ServerUnderTest startServer(int intervalMillis) throws IOException, InterruptedException {
        return startServer(interval(intervalMillis));
    }

    private static Map<String, Integer> interval(int millis) {
        return Map.of("heartbeat_interval", millis);
    }

    /** A server with these settings and else the defaults. */
    public ServerUnderTest startServer(Map<String, ?> settings) throws IOException, InterruptedException {
        return ServerUnderTest.start(programs, directory, SERVER, database.url(), settings);
    }

    /** Two servers in one cluster, else as {@link #startServer(int)}. */
    public MemberPair startPair(int intervalMillis) throws IOException, InterruptedException {
        return MemberPair.start(programs, directory, database.url(), interval(intervalMillis));
    }

    /**
     * A server with the default settings but for its heartbeat interval, which writes what the JVM learns of it into a cache
     * when it is stopped.
     */
    public ServerUnderTest startRecordedServer(int intervalMillis, Path cache)
            throws IOException, InterruptedException {
        return ServerUnderTest.start(
                programs.recorded(cache), directory, SERVER, database.url(), interval(intervalMillis));
    }

    /** Agents of the first nodes, which are started at once. */
    public LineProcess startSimulator(ServerUnderTest server, int nodes, Subscription subscription) throws IOException {
        return startSimulator(server, 1, nodes, subscription);
    }

    /** The same of the nodes from this number (from 1) on. */
    public LineProcess startSimulator(ServerUnderTest server, int first, int nodes, Subscription subscription)
            throws IOException {
        return LineProcess.start(
                programs.simulator(
                        "--first",
                        Integer.toString(first),
                        "--nodes",
                        Integer.toString(nodes),
                        "--server",
                        server.url().toString(),
                        "--org",
                        ORG,
                        "--key",
                        directory.resolve("nodes.pem").toString(),
                        "--sub",
                        subscription.name().toLowerCase(Locale.ROOT),
                        "--reconnect-pause",
                        RECONNECT_PAUSE_MILLIS,
                        "--report",
                        "json",
                        "--report-every",
                        REPORT_EVERY_MILLIS),
                directory.resolve("simulator.log"));
    }

    /** Connections that do not what they should. */
    public LineProcess startCrowd(ServerUnderTest server, int silent, int garbage, int strangers) throws IOException {
        return LineProcess.start(
                programs.simulator(
                        "crowd",
                        "--command-port",
                        server.commandAddress(),
                        "--server-key",
                        server.curveKey(),
                        "--silent",
                        Integer.toString(silent),
                        "--garbage",
                        Integer.toString(garbage),
                        "--strangers",
                        Integer.toString(strangers)),
                directory.resolve("simulator.log"));
    }

    public Api api(ServerUnderTest server) {
        return new Api(server.url() + "/organizations/" + ORG, ADMIN, adminKey);
    }

    /** Names of nodes, from this number (from 1) on. */
    public List<String> nodes(int first, int count) {
        List<String> names = new ArrayList<>();
        for (int number = first; number < first + count; number++) {
            names.add(NAMES.name(number - 1));
        }
        return names;
    }

    /** Waits until all agents and the server think that all are available. */
    public JsonNode awaitAvailable(ServerUnderTest server, LineProcess simulator, int nodes)
            throws InterruptedException {
        JsonNode report = awaitAvailable(simulator, nodes);
        server.awaitAvailable(nodes, scale.patience());
        return report;
    }

    /** Waits until all agents think that they are available. */
    public JsonNode awaitAvailable(LineProcess simulator, int nodes) throws InterruptedException {
        return simulator.await(
                nodes + " agents to be available",
                scale.patience(),
                last -> last.path("available").asInt() == nodes);
    }

    /** The middle one. */
    public static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    @Override
    public void close() throws IOException {
        database.close();
    }
}
