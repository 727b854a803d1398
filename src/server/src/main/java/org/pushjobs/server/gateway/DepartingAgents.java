package org.pushjobs.server.gateway;

/** The agents of a gateway that are to go elsewhere because it is being drained, some each second. Usable from any thread. */
public interface DepartingAgents {
    /** Has so many more go. To be called once a second. */
    void go(int atMost);

    /** How many have yet to go. Costs as much as there are. */
    int left();

    /** Nobody has to go any more; who has gone is elsewhere. */
    void stay();
}
