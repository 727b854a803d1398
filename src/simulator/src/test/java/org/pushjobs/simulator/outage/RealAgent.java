package org.pushjobs.simulator.outage;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.pushjobs.agent.PushJobsClient;

/** push-jobs-client as a process of its own. It knows one command, {@value #COMMAND}, which ends when a file is there. */
final class RealAgent implements AutoCloseable {
    static final String COMMAND = "until told";

    private static final int STOP_SECONDS = 10;

    private final Process process;

    private RealAgent(Process process) {
        this.process = process;
    }

    /**
     * @param directory for its files, among them {@code nodes.pem} with its key
     * @param organisation {@code http://HOST:PORT/organizations/ORG}
     * @param told ends its commands when it is there
     */
    static RealAgent start(Path directory, String organisation, String node, Path told) throws IOException {
        ObjectMapper json = new ObjectMapper();
        ObjectNode settings = json.createObjectNode()
                .put("chef_server_url", organisation)
                .put("node_name", node)
                .put("client_key", directory.resolve("nodes.pem").toString())
                .put("file_dir", directory.resolve("files-" + node).toString())
                .put("log_location", directory.resolve(node + ".log").toString());
        settings.putObject("whitelist").put(COMMAND, "until test -e " + told + "; do sleep 0.2; done");
        Path config = Files.writeString(directory.resolve(node + ".json"), json.writeValueAsString(settings));
        return new RealAgent(new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PushJobsClient.class.getName(),
                        "-c",
                        config.toString()))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(node + ".out").toFile())
                .start());
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit()
                .completeOnTimeout(process, STOP_SECONDS, TimeUnit.SECONDS)
                .join();
        process.destroyForcibly().onExit().join();
    }
}
