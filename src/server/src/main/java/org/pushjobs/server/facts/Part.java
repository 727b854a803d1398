package org.pushjobs.server.facts;

import java.util.Objects;

/**
 * A part of what was said at once. Most of it is one part; much of it is cut, so that no message becomes too large.
 *
 * @param batch the same but for what it holds, and its number where it has one
 * @param index from 0
 */
record Part<B>(B batch, int index, boolean isLast) {
    Part {
        Objects.requireNonNull(batch, "batch");
    }

    static <B> Part<B> whole(B batch) {
        return new Part<>(batch, 0, true);
    }
}
