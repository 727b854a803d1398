package org.pushjobs.zmtp.testing;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.pushjobs.zmtp.nacl.KeyPair;
import org.zeromq.SocketType;
import zmq.util.Z85;

/** A socket of libzmq in a Python process (Debian's python3-zmq). */
public final class LibzmqPeer implements Peer {
    private static final Path PYTHON = Path.of("/usr/bin/python3");

    private final Process process;
    private final Writer orders;
    private final BufferedReader answers;
    private final JsonObject connection = new JsonObject();

    public LibzmqPeer(SocketType type) throws IOException {
        String script;
        try (InputStream source = LibzmqPeer.class.getResourceAsStream("/libzmq/peer.py")) {
            script = new String(source.readAllBytes(), StandardCharsets.UTF_8);
        }
        process = new ProcessBuilder(PYTHON.toString(), "-c", script, type.name())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        orders = process.outputWriter();
        answers = process.inputReader();
    }

    /** Installs it where that is possible, else skips the test. */
    public static void require() throws Exception {
        DebianPackage.require(
                "python3-zmq",
                () -> Files.isExecutable(PYTHON)
                        && DebianPackage.run(
                                        Duration.ofSeconds(20),
                                        Path.of("/dev/null"),
                                        List.of(PYTHON.toString(), "-c", "import zmq; assert zmq.has('curve')"))
                                == 0);
    }

    private JsonObject order(String op, JsonObject arguments) throws IOException {
        orders.write(arguments.copy().put("op", op).encode() + "\n");
        orders.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("libzmq's process ended [order: " + op + "]");
        }
        return new JsonObject(answer);
    }

    @Override
    public void connect(int port, Optional<ClientKeys> keys) throws IOException {
        connection.put("address", "tcp://127.0.0.1:" + port);
        keys.ifPresent(pair -> connection
                .put("server_key", text(pair.serverKey()))
                .put("public_key", text(pair.own().publicKey()))
                .put("secret_key", text(pair.own().secretKey())));
        order("connect", connection);
    }

    @Override
    public void reconnect() {
        throw new AssertionError("libzmq needs no help to connect");
    }

    @Override
    public int bind(Optional<KeyPair> keys) throws IOException {
        JsonObject arguments = new JsonObject();
        keys.ifPresent(pair -> arguments.put("curve_server", true).put("secret_key", text(pair.secretKey())));
        return order("bind", arguments).getInteger("port");
    }

    private static String text(byte[] key) {
        return Z85.encode(key, key.length);
    }

    @Override
    public void identity(byte[] identity) {
        connection.put("identity", HexFormat.of().formatHex(identity));
    }

    @Override
    public void heartbeat(Duration interval) {
        connection.put("heartbeat", interval.toMillis());
    }

    @Override
    public void send(byte[]... frames) throws IOException {
        order(
                "send",
                new JsonObject()
                        .put(
                                "frames",
                                new JsonArray(Stream.of(frames)
                                        .map(HexFormat.of()::formatHex)
                                        .toList())));
    }

    @Override
    public Optional<List<byte[]>> receive(Duration atMost) throws IOException {
        JsonArray frames = order("receive", new JsonObject().put("timeout", atMost.toMillis()))
                .getJsonArray("frames");
        return Optional.ofNullable(frames)
                .map(present -> present.stream()
                        .map(frame -> HexFormat.of().parseHex((String) frame))
                        .toList());
    }

    @Override
    public void subscribe(byte[] prefix) throws IOException {
        order("subscribe", new JsonObject().put("prefix", HexFormat.of().formatHex(prefix)));
    }

    @Override
    public void unsubscribe(byte[] prefix) throws IOException {
        order("unsubscribe", new JsonObject().put("prefix", HexFormat.of().formatHex(prefix)));
    }

    /** The value of the next event of this kind of libzmq's monitor (zmq_socket_monitor); empty when none comes. */
    public Optional<Integer> event(String kind, Duration atMost) throws IOException {
        return Optional.ofNullable(
                order("event", new JsonObject().put("event", kind).put("timeout", atMost.toMillis()))
                        .getInteger("value"));
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
