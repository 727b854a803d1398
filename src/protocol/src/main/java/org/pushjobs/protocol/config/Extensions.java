package org.pushjobs.protocol.config;

/**
 * What a server announces that understands protocol 2.1.
 *
 * @param outputWindowBytes output of running commands that an agent may have sent without an acknowledgement
 * @param maxOutputBytes the most that is kept of each of a command's two channels; the agent drops the rest and says so
 */
public record Extensions(int outputWindowBytes, int maxOutputBytes) {
    public Extensions {
        if (outputWindowBytes < 1) {
            throw new IllegalArgumentException("outputWindowBytes must be positive, is " + outputWindowBytes);
        }
        if (maxOutputBytes < 1) {
            throw new IllegalArgumentException("maxOutputBytes must be positive, is " + maxOutputBytes);
        }
    }
}
