package org.pushjobs.server.facts;

/**
 * Carries facts and orders between roles, in this process or another one. Whatever is sent may be lost; what arrives has the
 * order in which it was sent. Nothing waits and nothing fails: who misses something asks for it.
 */
public interface Lines {
    /** To the term of the epoch that the facts are for. */
    void send(Facts facts);

    /** To the gateway that the orders are for. */
    void send(Orders orders);

    /** To every process. */
    void publish(TermBeat beat);
}
