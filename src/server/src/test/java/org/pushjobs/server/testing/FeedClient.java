package org.pushjobs.server.testing;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pushjobs.protocol.request.RequestSigner;
import org.pushjobs.protocol.request.SigningVersion;

/** A reader of an event feed that takes nothing but what rest-api.md and openapi.yaml say; it reads on in the background. */
public final class FeedClient implements AutoCloseable {
    private static final Duration DEADLINE = Await.DEADLINE;
    private static final Pattern FRAME = Pattern.compile("event: (\\w+)\n(?:id: (\\S+)\n)?data: (\\{.*})\n\n");
    private static final String SSE = "text/event-stream";
    private static final String KEEP_ALIVE = ":keepalive\n\n";

    private final Socket socket;
    private final String path;
    private final InputStream in;
    private final String statusLine;
    private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final AtomicInteger keepAlives = new AtomicInteger();
    private volatile boolean ended;
    private volatile Optional<Exception> failure = Optional.empty();

    /**
     * @param id empty where it has none
     * @param text the whole frame as received
     */
    public record Event(String name, String id, JsonObject data, String text) {}

    /**
     * What is asked for.
     *
     * @param path below {@code …/pushy/}
     * @param httpVersion {@code 1.0} or {@code 1.1}
     */
    public record Request(String path, String httpVersion, Map<String, String> headers) {
        public static Request of(String path) {
            return new Request(path, "1.1", Map.of());
        }

        public static Request after(String path, String lastEventId) {
            return new Request(path, "1.1", Map.of("Last-Event-ID", lastEventId));
        }
    }

    private FeedClient(Socket socket, String path) throws IOException {
        this.socket = socket;
        this.path = path;
        this.in = socket.getInputStream();
        this.statusLine = readLine();
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            String[] parts = line.split(":", 2);
            headers.put(parts[0], parts[1].strip());
        }
    }

    /** Asks as the administrator. */
    public static FeedClient open(TestOrganisation organisation, int port, Request request) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout((int) DEADLINE.toMillis());
        socket.getOutputStream().write(text(organisation, port, request).getBytes(StandardCharsets.ISO_8859_1));
        FeedClient client = new FeedClient(socket, request.path());
        Thread.ofVirtual().name("feed " + request.path()).start(client::read);
        return client;
    }

    /** The signed request. */
    public static String text(TestOrganisation organisation, int port, Request request) {
        URI uri = URI.create(organisation.uri(port) + "/pushy/" + request.path());
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        StringBuilder text = new StringBuilder("GET " + uri.getRawPath() + query + " HTTP/" + request.httpVersion()
                + "\r\nHost: 127.0.0.1:" + port + "\r\n");
        Map<String, String> all = new TreeMap<>(Map.of("Accept", SSE));
        all.putAll(request.headers());
        all.putAll(new RequestSigner(TestOrganisation.ADMIN, organisation.key(), SigningVersion.V1_3)
                .sign("GET", uri.getRawPath(), new byte[0], Instant.now(), "0"));
        all.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        return text.append("\r\n").toString();
    }

    public int status() {
        return Integer.parseInt(statusLine.split(" ")[1]);
    }

    public Map<String, String> headers() {
        return headers;
    }

    /** What came so far. */
    public List<Event> events() {
        return List.copyOf(events);
    }

    public int keepAlives() {
        return keepAlives.get();
    }

    public boolean isEnded() {
        return ended;
    }

    /** At least so many events. */
    public List<Event> awaitEvents(int count) {
        Await.until(count + " events", DEADLINE, () -> {
            failure.ifPresent(cause -> {
                throw new AssertionError("the feed failed", cause);
            });
            return events.size() >= count;
        });
        return events();
    }

    /** All events, once the server has closed the feed in good order. */
    public List<Event> awaitEnd() {
        Await.until("the feed's end, it has " + names(), DEADLINE, () -> ended || failure.isPresent());
        failure.ifPresent(cause -> {
            throw new AssertionError("the feed failed after " + names(), cause);
        });
        return events();
    }

    private List<String> names() {
        return events.stream().map(Event::name).toList();
    }

    private void read() {
        try {
            boolean chunked = "chunked".equalsIgnoreCase(headers.get("Transfer-Encoding"));
            StringBuilder text = new StringBuilder();
            for (Optional<byte[]> next = next(chunked); next.isPresent(); next = next(chunked)) {
                text.append(new String(next.get(), StandardCharsets.UTF_8));
                if (headers.getOrDefault("Content-Type", "").equals(SSE)) {
                    takeFrames(text);
                }
            }
            ended = true;
        } catch (IOException | RuntimeException e) {
            failure = Optional.of(e);
        }
    }

    /** Empty at the end. */
    private Optional<byte[]> next(boolean chunked) throws IOException {
        if (!chunked) {
            byte[] bytes = new byte[8192];
            int count = in.read(bytes);
            return count < 0 ? Optional.empty() : Optional.of(Arrays.copyOf(bytes, count));
        }
        int length = Integer.parseInt(readLine(), 16);
        byte[] chunk = in.readNBytes(length);
        if (chunk.length < length) {
            throw new EOFException("the connection ended within a chunk");
        }
        readLine();
        return length == 0 ? Optional.empty() : Optional.of(chunk);
    }

    private void takeFrames(StringBuilder text) {
        for (int end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
            String frame = text.substring(0, end + 2);
            text.delete(0, end + 2);
            if (frame.equals(KEEP_ALIVE)) {
                keepAlives.incrementAndGet();
            } else {
                Matcher parts = FRAME.matcher(frame);
                if (!parts.matches()) {
                    throw new IllegalStateException("not a frame: " + frame);
                }
                JsonObject data = new JsonObject(parts.group(3));
                ApiContract.get().checkEvent(path, parts.group(1), data);
                events.add(new Event(parts.group(1), Objects.requireNonNullElse(parts.group(2), ""), data, frame));
            }
        }
    }

    private String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection ended within a line");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
