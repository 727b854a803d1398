package org.pushjobs.server.feeds;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.pushjobs.server.jobs.model.EventRow;
import org.pushjobs.server.jobs.model.OrgEventRow;
import org.pushjobs.server.jobs.model.OutputPart;

/**
 * Events as they are sent (rest-api.md, "Event feeds"). An event's position is also its id: the sequence number in a job's
 * feed, microseconds since 1970 in that of an organisation.
 */
final class FeedEvents {
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final String TIME_FIRST = "{\"timestamp\":\"";
    private static final String LAST_OF_JOB = "job_complete";

    /** From one of these on a node has to do with the command. */
    private static final Set<String> BEGIN_OF_NODE = Set.of("run_start", "run_complete");

    /** A chunk is closed when it has reached this. */
    private static final int CHUNK_BYTES = 16 * 1024;

    private FeedEvents() {}

    /**
     * An event as it is sent.
     *
     * @param stamp its time; empty where nothing else comes between the events
     * @param begun the node that has to do with the command from here on
     */
    private record Frame(
            long position, Buffer bytes, Optional<FeedChunk.Stamp> stamp, Optional<String> begun, boolean endsFeed) {}

    /** @param after the position of the event before them */
    static List<FeedChunk> ofJob(long after, List<EventRow> events) {
        return chunks(after, events.stream().map(FeedEvents::ofJob).toList());
    }

    private static Frame ofJob(EventRow event) {
        String head = head(event.name(), Integer.toString(event.seq()));
        return new Frame(
                event.seq(),
                frame(head, data(event.at()).mergeIn(event.data())),
                Optional.of(new FeedChunk.Stamp((head + TIME_FIRST).length(), event.at())),
                BEGIN_OF_NODE.contains(event.name()) ? Optional.of(event.data().getString("node")) : Optional.empty(),
                event.name().equals(LAST_OF_JOB));
    }

    /** @param after the position of the event before them */
    static List<FeedChunk> ofOrganisation(long after, List<OrgEventRow> events) {
        return chunks(after, events.stream().map(FeedEvents::ofOrganisation).toList());
    }

    private static Frame ofOrganisation(OrgEventRow event) {
        JsonObject data = new JsonObject()
                .put("job", event.jobId())
                .mergeIn(data(event.at()))
                .mergeIn(event.data());
        long position = micros(event.at());
        return new Frame(
                position,
                frame(event.name(), Long.toString(position), data),
                Optional.empty(),
                Optional.empty(),
                false);
    }

    static String timestamp(Instant at) {
        return TIMESTAMP.format(at);
    }

    static Buffer summary(Instant at, JsonObject document) {
        return frame("summary", "summary", data(at).mergeIn(document));
    }

    /** It has no id: a reader that comes again has the last other event's. */
    static Buffer output(Instant at, OutputPart part) {
        JsonObject data = data(at).put("node", part.node())
                .put("channel", part.channel().label())
                .put("offset", part.position())
                .put("data", Base64.getEncoder().encodeToString(part.data()));
        return Buffer.buffer("event: output\ndata: " + data.encode() + "\n\n");
    }

    static Buffer startOfHistory(Instant at) {
        return frame("start_of_history", Long.toString(micros(at)), data(at));
    }

    static long micros(Instant at) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, at);
    }

    static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static JsonObject data(Instant at) {
        return new JsonObject().put("timestamp", timestamp(at));
    }

    private static Buffer frame(String name, String id, JsonObject data) {
        return frame(head(name, id), data);
    }

    private static String head(String name, String id) {
        return "event: " + name + "\nid: " + id + "\ndata: ";
    }

    private static Buffer frame(String head, JsonObject data) {
        return Buffer.buffer(head + data.encode() + "\n\n");
    }

    /** The last event of a feed has a chunk of its own: output comes before it, and after all others. */
    private static List<FeedChunk> chunks(long after, List<Frame> frames) {
        List<FeedChunk> chunks = new ArrayList<>();
        List<Frame> gathered = new ArrayList<>();
        int bytes = 0;
        long begin = after;
        for (int i = 0; i < frames.size(); i++) {
            Frame frame = frames.get(i);
            gathered.add(frame);
            bytes += frame.bytes().length();
            boolean isLastHere = i == frames.size() - 1;
            if (bytes >= CHUNK_BYTES || isLastHere || frames.get(i + 1).endsFeed()) {
                chunks.add(chunk(begin, gathered));
                begin = frame.position();
                gathered = new ArrayList<>();
                bytes = 0;
            }
        }
        return chunks;
    }

    private static FeedChunk chunk(long after, List<Frame> frames) {
        Buffer bytes = Buffer.buffer();
        List<FeedChunk.Stamp> stamps = new ArrayList<>();
        for (Frame frame : frames) {
            int offset = bytes.length();
            frame.stamp().ifPresent(stamp -> stamps.add(new FeedChunk.Stamp(offset + stamp.offset(), stamp.at())));
            bytes.appendBuffer(frame.bytes());
        }
        return new FeedChunk(
                after,
                frames.getLast().position(),
                bytes,
                frames.getLast().endsFeed(),
                stamps,
                frames.stream().map(Frame::begun).flatMap(Optional::stream).toList());
    }
}
