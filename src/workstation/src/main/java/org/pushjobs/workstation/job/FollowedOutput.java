package org.pushjobs.workstation.job;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.pushjobs.workstation.remote.FeedEvent;
import org.pushjobs.workstation.remote.JobDocument;
import org.pushjobs.workstation.remote.OutputChannel;
import org.pushjobs.workstation.remote.PushJobsClient;
import org.pushjobs.workstation.remote.RequestRefusedException;
import org.pushjobs.workstation.remote.ServerFailure;
import org.pushjobs.workstation.screen.Progress;
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

        /** Whether something is to be written when these have been added. */
        private boolean isEndedBy(byte[] bytes) {
            for (byte b : bytes) {
                if (b == '\n') {
                    return true;
                }
            }
            return begun.size() + bytes.length >= MAX_LINE_BYTES;
        }
    }

    private final PrintStream out;
    private final PrintStream err;
    private final Progress progress;
    private final Map<Source, Line> lines = new HashMap<>();

    /**
     * @param out gets the lines of standard output, {@code err} those of standard error
     * @param progress what is shown on the same terminal
     */
    FollowedOutput(PrintStream out, PrintStream err, Progress progress) {
        this.out = out;
        this.err = err;
        this.progress = progress;
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
        byte[] fresh = Arrays.copyOfRange(bytes, known, bytes.length);
        line.bytesSeen = Math.max(line.bytesSeen, offset + bytes.length);
        if (line.isEndedBy(fresh)) {
            progress.above(() -> append(source, line, fresh));
        } else {
            line.begun.writeBytes(fresh);
        }
    }

    private void append(Source source, Line line, byte[] bytes) {
        for (byte b : bytes) {
            if (b == '\n') {
                write(source, line);
            } else {
                line.begun.write(b);
                if (line.begun.size() == MAX_LINE_BYTES) {
                    write(source, line);
                }
            }
        }
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

    /**
     * For servers whose feed has no output: shows all of it, now that the job has ended. Not asked for when there was some, or
     * when the server would have sent it.
     */
    void fetchWhatTheFeedLacks(PushJobsClient client, String id) throws ServerFailure, InterruptedException {
        if (!lines.isEmpty()) {
            return;
        }
        JobDocument job = client.jobInDetail(id);
        if (job.hasDetail()) {
            return;
        }
        for (String node : job.allNodes()) {
            for (OutputChannel channel : OutputChannel.values()) {
                try {
                    take(new Source(node, channel.toString()), 0, client.output(id, node, channel));
                } catch (RequestRefusedException e) {
                    // 404 is the answer for nodes that did not run the command.
                    if (e.status() != 404) {
                        throw e;
                    }
                }
            }
        }
        end();
    }

    /** Shows the lines that have not been ended. */
    void end() {
        lines.forEach((source, line) -> {
            if (line.begun.size() > 0) {
                progress.above(() -> {
                    write(source, line);
                    stream(source).flush();
                });
            }
        });
    }
}
