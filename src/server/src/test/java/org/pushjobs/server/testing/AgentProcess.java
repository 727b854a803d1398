package org.pushjobs.server.testing;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.pushjobs.agent.PushJobsClient;
import org.pushjobs.protocol.keys.PemKeys;

/** A node's agent as a process of its own, which can be stopped and killed. */
public final class AgentProcess implements AutoCloseable {
    private final Process process;

    private AgentProcess(Process process) {
        this.process = process;
    }

    /** @param whitelist from a job's command to the command line that runs for it */
    public static AgentProcess start(
            Path directory, TestOrganisation organisation, URI server, String node, Map<String, String> whitelist)
            throws IOException {
        return start(directory, organisation, server, node, whitelist, List.of());
    }

    /**
     * @param whitelist from a job's command to the command line that runs for it
     * @param javaOptions of the agent's virtual machine
     */
    public static AgentProcess start(
            Path directory,
            TestOrganisation organisation,
            URI server,
            String node,
            Map<String, String> whitelist,
            List<String> javaOptions)
            throws IOException {
        Path key = Files.writeString(directory.resolve(node + ".pem"), PemKeys.toPem(organisation.key()));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        JsonObject settings = new JsonObject()
                .put("chef_server_url", server.toString())
                .put("node_name", node)
                .put("client_key", key.toString())
                .put("file_dir", directory.resolve("files-" + node).toString())
                .put("log_location", directory.resolve(node + ".log").toString())
                .put("whitelist", new JsonObject(Map.copyOf(whitelist)));
        Path config = Files.writeString(directory.resolve(node + ".json"), settings.encodePrettily());
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC"));
        command.addAll(javaOptions);
        command.addAll(List.of(
                "-cp", System.getProperty("java.class.path"), PushJobsClient.class.getName(), "-c", config.toString()));
        return new AgentProcess(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(node + ".out").toFile())
                .start());
    }

    /** Makes it stand still, as a suspended machine would. */
    public void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    public void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("/bin/kill", "-" + name, Long.toString(process.pid())).start();
        if (!kill.waitFor(5, TimeUnit.SECONDS) || kill.exitValue() != 0) {
            throw new AssertionError("signal " + name + " could not be sent to the agent");
        }
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** SIGTERM, without waiting for the end. */
    public void terminate() {
        process.destroy();
    }

    /** SIGKILL. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join();
        kill();
    }
}
