package org.pushjobs.server.facts;

/**
 * What a node's agent says of itself that matters to who sends it commands.
 *
 * @param extended whether it understands protocol 2.1
 * @param maxCommitBytes largest commit that it says it takes; 0 when it says nothing
 */
public record Capabilities(boolean extended, int maxCommitBytes) {
    /** Of an agent of protocol 2.0, and of one that has not spoken. */
    public static final Capabilities PLAIN = new Capabilities(false, 0);
}
