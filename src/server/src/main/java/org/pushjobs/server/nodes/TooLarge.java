package org.pushjobs.server.nodes;

import org.pushjobs.protocol.message.NackReason;

/**
 * A node whose agent does not take a commit, for its size.
 *
 * @param commitBytes that the body of the commit can have
 * @param limitBytes that the agent takes
 */
public record TooLarge(String node, int commitBytes, int limitBytes) {
    NackReason reason() {
        return new NackReason(
                "too_large",
                "the job takes a message of " + commitBytes + " bytes, this node's agent takes at most " + limitBytes);
    }
}
