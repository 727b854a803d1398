package org.pushjobs.workstation.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/** A job's feed as it comes: server-sent events with JSON. Used by one thread. */
public final class FeedReader implements AutoCloseable {
    /** A server sends a sign of life every 15 s unless it is configured otherwise. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(60);

    private static final int MAX_LINE_BYTES = 1 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final AnswerStream answer;
    private final Queue<FeedEvent> ready = new ArrayDeque<>();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final StringBuilder data = new StringBuilder();
    private String name = "";
    private String id = "";

    FeedReader(AnswerStream answer) {
        this.answer = answer;
    }

    /** Waits for the next event; empty when the server has closed the feed. */
    public Optional<FeedEvent> next() throws ServerFailure, InterruptedException {
        while (ready.isEmpty()) {
            Optional<byte[]> bytes = answer.next(LONGEST_SILENCE);
            if (bytes.isEmpty()) {
                return Optional.empty();
            }
            for (byte b : bytes.get()) {
                take(b);
            }
        }
        return Optional.of(ready.remove());
    }

    private void take(byte b) throws UnusableAnswerException {
        if (b != '\n') {
            if (line.size() == MAX_LINE_BYTES) {
                throw new UnusableAnswerException("no feed of events");
            }
            line.write(b);
            return;
        }
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        take(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
    }

    private void take(String text) throws UnusableAnswerException {
        if (text.isEmpty()) {
            dispatch();
            return;
        }
        int colon = text.indexOf(':');
        String field = colon < 0 ? text : text.substring(0, colon);
        String value = colon < 0 ? "" : text.substring(colon + 1);
        if (value.startsWith(" ")) {
            value = value.substring(1);
        }
        switch (field) {
            case "event" -> name = value;
            case "id" -> id = value;
            case "data" -> data.append(data.isEmpty() ? "" : "\n").append(value);
            default -> {
                // a comment, or a field that the standard lets readers ignore
            }
        }
    }

    private void dispatch() throws UnusableAnswerException {
        if (!data.isEmpty()) {
            try {
                JsonNode object = JSON.readTree(data.toString());
                ready.add(new FeedEvent(name, id, object));
            } catch (JsonProcessingException e) {
                throw new UnusableAnswerException("no feed of events");
            }
        }
        name = "";
        data.setLength(0);
    }

    @Override
    public void close() {
        answer.close();
    }
}
