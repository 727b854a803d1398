package org.pushjobs.server.control;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.pushjobs.server.ServerException;

/** Asks the server of this machine over its {@link ControlSocket}. Blocking. */
final class ControlClient {
    /** Above what the longest command takes. */
    private static final Duration LIMIT = Duration.ofSeconds(45);

    private static final int OK = 200;
    private static final String END_OF_HEAD = "\r\n\r\n";

    private final Path socket;

    /** What the server answered. */
    record Answer(int status, JsonObject body) {
        boolean isGood() {
            return status == OK;
        }
    }

    ControlClient(Path socket) {
        this.socket = Objects.requireNonNull(socket, "socket");
    }

    /** @throws IOException with the reason for people when no server runs, it does not answer, or this user may not ask it */
    Answer ask(ControlRequest request) throws IOException {
        try (SocketChannel channel = connect()) {
            Thread watch = Thread.ofVirtual().start(() -> closeAfterLimit(channel));
            channel.write(ByteBuffer.wrap(
                    (request.line() + " HTTP/1.0\r\nhost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII)));
            byte[] answer = Channels.newInputStream(channel).readAllBytes();
            watch.interrupt();
            return parse(new String(answer, StandardCharsets.UTF_8));
        } catch (ClosedChannelException e) {
            throw new IOException("the server runs and has not answered within " + LIMIT.toSeconds() + " s", e);
        }
    }

    private SocketChannel connect() throws IOException {
        if (Files.notExists(socket)) {
            throw nobodyThere();
        }
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return channel;
        } catch (IOException e) {
            channel.close();
            if (!Files.isWritable(socket)) {
                throw new IOException("only root and the server's user may ask the server (" + socket + ")", e);
            }
            throw nobodyThere();
        }
    }

    private IOException nobodyThere() {
        return new IOException("the server of this machine does not run (nobody listens at " + socket + ")");
    }

    private static void closeAfterLimit(SocketChannel channel) {
        try {
            Thread.sleep(LIMIT);
            channel.close();
        } catch (InterruptedException | IOException e) {
            // it is over
            Thread.currentThread().interrupt();
        }
    }

    private static Answer parse(String text) throws IOException {
        int head = text.indexOf(END_OF_HEAD);
        String[] line = text.lines().findFirst().orElse("").split(" ", 3);
        if (head < 0 || line.length < 2) {
            throw new IOException(
                    "the server has closed the connection without an answer; it is stopping, or see its log");
        }
        try {
            return new Answer(Integer.parseInt(line[1]), new JsonObject(text.substring(head + END_OF_HEAD.length())));
        } catch (NumberFormatException | DecodeException e) {
            throw new IOException("the server's answer cannot be understood", e);
        }
    }

    /** What it refused with. */
    static ServerException refusal(Answer answer) {
        return new ServerException(409, answer.body().getString("error", "the server refused"));
    }
}
