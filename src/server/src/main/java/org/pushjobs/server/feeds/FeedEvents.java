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
import java.util.function.Function;
import java.util.function.ToLongFunction;
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
    private static final String LAST_OF_JOB = "job_complete";
    /** A chunk is closed when it has reached this. */
    private static final int CHUNK_BYTES = 16 * 1024;

    private FeedEvents() {}

    /** @param after the position of the event before them */
    static List<FeedChunk> ofJob(long after, List<EventRow> events) {
        return chunks(
                after,
                events,
                EventRow::seq,
                FeedEvents::ofJob,
                event -> event.name().equals(LAST_OF_JOB));
    }

    /** @param after the position of the event before them */
    static List<FeedChunk> ofOrganisation(long after, List<OrgEventRow> events) {
        return chunks(after, events, event -> micros(event.at()), FeedEvents::ofOrganisation, _ -> false);
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

    private static Buffer ofJob(EventRow event) {
        return frame(
                event.name(), Integer.toString(event.seq()), data(event.at()).mergeIn(event.data()));
    }

    private static Buffer ofOrganisation(OrgEventRow event) {
        JsonObject data = new JsonObject()
                .put("job", event.jobId())
                .mergeIn(data(event.at()))
                .mergeIn(event.data());
        return frame(event.name(), Long.toString(micros(event.at())), data);
    }

    private static JsonObject data(Instant at) {
        return new JsonObject().put("timestamp", TIMESTAMP.format(at));
    }

    private static Buffer frame(String name, String id, JsonObject data) {
        return Buffer.buffer("event: " + name + "\nid: " + id + "\ndata: " + data.encode() + "\n\n");
    }

    private interface EndTest<T> {
        boolean isLast(T event);
    }

    /** The last event of a feed has a chunk of its own: output comes before it, and after all others. */
    private static <T> List<FeedChunk> chunks(
            long after, List<T> events, ToLongFunction<T> position, Function<T, Buffer> frame, EndTest<T> end) {
        List<FeedChunk> chunks = new ArrayList<>();
        Buffer bytes = Buffer.buffer();
        long begin = after;
        for (int i = 0; i < events.size(); i++) {
            T event = events.get(i);
            bytes.appendBuffer(frame.apply(event));
            boolean isLastHere = i == events.size() - 1;
            if (bytes.length() >= CHUNK_BYTES || isLastHere || end.isLast(events.get(i + 1))) {
                long last = position.applyAsLong(event);
                chunks.add(new FeedChunk(begin, last, bytes, end.isLast(event)));
                bytes = Buffer.buffer();
                begin = last;
            }
        }
        return chunks;
    }
}
