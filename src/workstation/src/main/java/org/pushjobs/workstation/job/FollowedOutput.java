package org.pushjobs.workstation.job;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.pushjobs.workstation.remote.FeedEvent;
import org.pushjobs.workstation.remote.OutputChannel;
import org.pushjobs.workstation.screen.Screen;

/**
 * What the commands of a job write, line by line with the node's name in front: {@code web-1 | done}. Gets it from the
 * {@code output} events of the job's feed; pieces that come again after a reconnect are left out. Used by one thread.
 */
final class FollowedOutput {
    /** A line that is longer is shown in pieces. */
    private static final int MAX_LINE_BYTES = 64 * 1024;

    private record Source(String node, String channel) {}

    private static final class Line {
        private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
        private long bytesSeen;
    }

    private final PrintStream out;
    private final PrintStream err;
    private final Map<Source, Line> lines = new HashMap<>();

    /** @param out gets the lines of standard output, {@code err} those of standard error */
    FollowedOutput(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Any other event changes nothing. */
    void take(FeedEvent event) {
        if (!event.name().equals("output")) {
            return;
        }
        JsonNode data = event.data();
        Source source =
                new Source(data.path("node").asText(), data.path("channel").asText());
        byte[] bytes;
        try {
            bytes = data.path("data").binaryValue();
        } catch (IOException _) {
            return;
        }
        if (bytes != null) {
            take(source, data.path("offset").asLong(), bytes);
        }
    }

    private void take(Source source, long offset, byte[] bytes) {
        Line line = lines.computeIfAbsent(source, _ -> new Line());
        int known = Math.clamp(line.bytesSeen - offset, 0, bytes.length);
        for (int i = known; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                write(source, line);
            } else {
                line.begun.write(bytes[i]);
                if (line.begun.size() == MAX_LINE_BYTES) {
                    write(source, line);
                }
            }
        }
        line.bytesSeen = Math.max(line.bytesSeen, offset + bytes.length);
        stream(source).flush();
    }

    private void write(Source source, Line line) {
        PrintStream stream = stream(source);
        stream.writeBytes((Screen.printable(source.node()) + " | ").getBytes(StandardCharsets.UTF_8));
        stream.writeBytes(line.begun.toByteArray());
        stream.println();
        line.begun.reset();
    }

    private PrintStream stream(Source source) {
        return source.channel().equals(OutputChannel.STDERR.toString()) ? err : out;
    }

    /** Shows the lines that have not been ended. */
    void end() {
        lines.forEach((source, line) -> {
            if (line.begun.size() > 0) {
                write(source, line);
            }
        });
    }
}
