package org.pushjobs.server.simulated;

/** A fault that is put into the world on purpose, to show that the {@link Checker} sees what comes of it. */
enum Plant {
    /** The database takes what an old term writes. */
    OLD_TERMS_WRITE(Checker.Invariant.ONE_TERM_WRITES),
    /** The lease is given while somebody else has it. */
    LEASES_OVERLAP(Checker.Invariant.ONE_HAS_THE_LEASE),
    /** A gateway that hears of a new term has forgotten what its agents said to the one before. */
    REPORTS_ARE_FORGOTTEN(Checker.Invariant.JOBS_END_AS_WITHOUT_FAULTS),
    /** A node that has run a job is asked and told to run it again. */
    RUN_IS_SENT_AGAIN(Checker.Invariant.RUNS_ONCE),
    /** A node is told to run as soon as it is asked for its vote. */
    RUN_BEFORE_QUORUM(Checker.Invariant.RUNS_AFTER_QUORUM),
    /** A gateway that does not know yet which jobs are live has the nodes aborted that name one. */
    UNKNOWN_IS_FOREIGN(Checker.Invariant.COMMANDS_ARE_LEFT_ALONE),
    /** An agent is told that its result is stored as soon as it is heard. */
    RESULTS_ARE_ACKNOWLEDGED_AT_ONCE(Checker.Invariant.ACKNOWLEDGED_IS_STORED),
    /** The result of a node whose connection breaks while it runs is taken for granted. */
    RESULTS_ARE_INVENTED(Checker.Invariant.STORED_IS_WHAT_HAPPENED),
    /** A reader passes over an event. */
    READERS_LOSE_EVENTS(Checker.Invariant.FEEDS_HAVE_NO_GAPS),
    /** The database carries out what comes late. */
    LATE_STATEMENTS_COUNT(Checker.Invariant.STATES_GO_FORWARD),
    /** A request that is sent again starts another job. */
    KEYS_ARE_IGNORED(Checker.Invariant.ANSWERS_ARE_TRUE),
    /** What was discarded before it was created is created later. */
    DISCARDED_JOBS_COME_BACK(Checker.Invariant.ANSWERS_ARE_TRUE),
    /** What the database has answered is not in it. */
    ANSWERED_BEFORE_COMMITTED(Checker.Invariant.ANSWERS_ARE_TRUE),
    /** Nobody notices that orders to a gateway are missing. */
    LOST_ORDERS_ARE_NOT_MISSED(Checker.Invariant.JOBS_END_AS_WITHOUT_FAULTS);

    private final Checker.Invariant broken;

    Plant(Checker.Invariant broken) {
        this.broken = broken;
    }

    /** What no longer holds. */
    Checker.Invariant broken() {
        return broken;
    }
}
