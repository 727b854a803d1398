package org.pushjobs.server.jobs.model;

import java.util.Objects;

/**
 * What a request to start a job is recognised by when it is sent again. Keys of different requestors or organisations have
 * nothing to do with each other.
 *
 * @param value chosen by the requestor; at most {@value #MAX_LENGTH} visible ASCII characters
 * @param requestDigest hex; the same for the same request
 */
public record IdempotencyKey(String value, String requestDigest) {
    /** Longest key, in characters. */
    public static final int MAX_LENGTH = 255;

    public IdempotencyKey {
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(requestDigest, "requestDigest");
        if (!isValid(value)) {
            throw new IllegalArgumentException("not a valid key: " + value);
        }
    }

    /** Whether a key can be this text. */
    public static boolean isValid(String text) {
        return !text.isEmpty()
                && text.length() <= MAX_LENGTH
                && text.chars().allMatch(character -> character > ' ' && character < 0x7f);
    }
}
