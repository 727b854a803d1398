package org.pushjobs.server.feeds;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;

/**
 * Some events of a feed next to each other, rendered once for all readers.
 *
 * @param after the position of the event before them; nothing is between
 * @param last the position of the last of them
 * @param bytes as they are sent; never changed
 * @param ends whether the last of them is the last of the feed
 * @param stamps the time of each, in order; none where nothing else comes between the events of the feed
 * @param begun the nodes that have to do with the command from here on
 */
record FeedChunk(long after, long last, Buffer bytes, boolean ends, List<Stamp> stamps, List<String> begun) {
    FeedChunk {
        stamps = List.copyOf(stamps);
        begun = List.copyOf(begun);
    }

    /** @param offset where the time stands in the bytes */
    record Stamp(int offset, Instant at) {}

    /** The bytes for a reader to whom other things have been sent, too: each event is later than what was sent before it. */
    Buffer bytes(RisingTime time) {
        Buffer timed = bytes;
        for (Stamp stamp : stamps) {
            Instant at = time.next(stamp.at());
            if (!at.equals(stamp.at())) {
                timed = timed == bytes ? bytes.copy() : timed;
                timed.setString(stamp.offset(), FeedEvents.timestamp(at));
            }
        }
        return timed;
    }
}
