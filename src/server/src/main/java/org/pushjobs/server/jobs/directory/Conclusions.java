package org.pushjobs.server.jobs.directory;

import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.facts.Fact;

/** What follows for live jobs from what gateways state; all about nodes that take part in one. */
public interface Conclusions {
    /** The node is lost: its agent fell silent, stopped or was restarted, or nobody has it after the time to come back. */
    void down(NodeRef node);

    /** No vote can be expected of the node now; its command may go on. */
    void unreachable(NodeRef node);

    /** What was under way to or from the node may be lost; it will say what it does. */
    void inDoubt(NodeRef node);

    void doing(Fact.Doing fact);

    /** Comes once for each report of a gateway, also when its job has ended. */
    void said(String gateway, Fact.Said fact);

    void wrote(Fact.Wrote fact);

    void undelivered(Fact.Undelivered fact);
}
