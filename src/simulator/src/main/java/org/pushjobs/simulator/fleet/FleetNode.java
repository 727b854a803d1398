package org.pushjobs.simulator.fleet;

import org.pushjobs.protocol.message.ServerHeartbeat;

/** One agent of a fleet. Belongs to the thread of its loop. */
interface FleetNode {
    /** Starts the agent as a new process, after ending the one that runs. */
    void start();

    /** Ends the agent like a process that is killed. */
    void stop();

    /** Breaks the connection to the command port. */
    void dropConnection();

    /** Lets the command that runs end. */
    void finishCommand();

    /** To be called for each server heartbeat that a shared subscription received. */
    void serverHeartbeat(ServerHeartbeat heartbeat);

    /** Looks after what depends on time; to be called several times a second. */
    void look();

    boolean isConnected();

    /** As far as the agent can see. */
    boolean isAvailable();

    /** Whether it has stopped reading. */
    boolean isDeaf();

    /** Whether the process is there. */
    boolean isRunning();

    /** Configurations that the agent has got since its start. */
    int fetches();
}
