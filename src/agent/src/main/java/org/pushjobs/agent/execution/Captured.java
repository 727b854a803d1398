package org.pushjobs.agent.execution;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.pushjobs.protocol.message.Output;

/**
 * Captured output of a command, cut off at a limit. Never printed.
 *
 * @param stdout the start of the standard output; treat as read-only
 * @param stderr the start of the standard error; treat as read-only
 * @param totalBytes of both streams, also what was not kept
 */
public record Captured(byte[] stdout, byte[] stderr, long totalBytes) {
    /** As text, bytes that are no UTF-8 replaced; empty when both streams together have more than the limit. */
    public Optional<Output> within(int limitBytes) {
        if (totalBytes > limitBytes) {
            return Optional.empty();
        }
        return Optional.of(
                new Output(new String(stdout, StandardCharsets.UTF_8), new String(stderr, StandardCharsets.UTF_8)));
    }

    @Override
    public String toString() {
        return "Captured[" + totalBytes + " bytes]";
    }
}
