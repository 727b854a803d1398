package org.pushjobs.protocol.message;

/**
 * What became of a command's output that was sent while it ran. Counts are bytes.
 *
 * @param stdoutBytes sent of the standard output, with the notice that ends it where some was dropped
 * @param stderrBytes the same of the standard error
 * @param stdoutDroppedBytes written to the standard output and not sent, because that was over the limit
 * @param stderrDroppedBytes the same of the standard error
 */
public record StreamedOutput(long stdoutBytes, long stderrBytes, long stdoutDroppedBytes, long stderrDroppedBytes) {
    public StreamedOutput {
        if (stdoutBytes < 0 || stderrBytes < 0 || stdoutDroppedBytes < 0 || stderrDroppedBytes < 0) {
            throw new IllegalArgumentException("counts of bytes must not be negative");
        }
    }
}
