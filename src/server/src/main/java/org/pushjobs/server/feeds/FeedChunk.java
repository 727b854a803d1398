package org.pushjobs.server.feeds;

import io.vertx.core.buffer.Buffer;

/**
 * Some events of a feed next to each other, rendered once for all readers.
 *
 * @param after the position of the event before them; nothing is between
 * @param last the position of the last of them
 * @param bytes as they are sent; never changed
 * @param ends whether the last of them is the last of the feed
 */
record FeedChunk(long after, long last, Buffer bytes, boolean ends) {}
