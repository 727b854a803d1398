package org.pushjobs.protocol.config;

/**
 * What a server announces that understands protocol 2.1.
 *
 * @param outputWindowBytes output of running commands that an agent may have sent without an acknowledgement
 * @param maxOutputBytes the most that is kept of each of a command's two channels; the agent drops the rest and says so
 * @param maxTailBytes the most that it takes of the end of what a failed command wrote whose output is not captured; 0 for
 *     nothing, and with servers that do not know it
 */
public record Extensions(int outputWindowBytes, int maxOutputBytes, int maxTailBytes) {
    public Extensions {
        if (outputWindowBytes < 1) {
            throw new IllegalArgumentException("outputWindowBytes must be positive, is " + outputWindowBytes);
        }
        if (maxOutputBytes < 1) {
            throw new IllegalArgumentException("maxOutputBytes must be positive, is " + maxOutputBytes);
        }
        if (maxTailBytes < 0) {
            throw new IllegalArgumentException("maxTailBytes must not be negative, is " + maxTailBytes);
        }
    }
}
