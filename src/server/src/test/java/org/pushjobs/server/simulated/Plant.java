package org.pushjobs.server.simulated;

/** A fault that is put into the world on purpose, to show that the {@link Checker} sees what comes of it. */
enum Plant {
    /** The database takes what an old term writes. */
    OLD_TERMS_WRITE,
    /** The lease is given while somebody else has it. */
    LEASES_OVERLAP,
    /** A gateway that hears of a new term has forgotten what its agents said to the one before. */
    REPORTS_ARE_FORGOTTEN,
    /** A node that has run a job is told to run it again. */
    RUN_IS_SENT_AGAIN,
    /** A gateway that does not know yet which jobs are live has the nodes aborted that name one. */
    UNKNOWN_IS_FOREIGN,
    /** An agent is told that its result is stored as soon as it is sent. */
    RESULTS_ARE_ACKNOWLEDGED_AT_ONCE,
    /** A reader passes over an event. */
    READERS_LOSE_EVENTS,
    /** The database carries out what comes late. */
    LATE_STATEMENTS_COUNT,
    /** A request that is sent again starts another job. */
    KEYS_ARE_IGNORED,
    /** What was discarded before it was created is created later. */
    DISCARDED_JOBS_COME_BACK,
    /** What the database has answered is not in it. */
    ANSWERED_BEFORE_COMMITTED,
    /** Nobody notices that orders to a gateway are missing. */
    LOST_ORDERS_ARE_NOT_MISSED
}
