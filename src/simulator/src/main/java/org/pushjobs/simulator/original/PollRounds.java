package org.pushjobs.simulator.original;

/**
 * The original agent's patience with new sockets: it reads in rounds, each of which ends after a second or with any message,
 * and stops reading for good after the fourth that has brought nothing over the command port. The first message from there
 * ends the counting. Times are milliseconds of one monotonic clock. Not thread-safe.
 */
final class PollRounds {
    private static final long ROUND_MILLIS = 1_000;
    private static final long BETWEEN_ROUNDS_MILLIS = 5;
    private static final int ROUNDS = 4;

    private boolean answered;
    private int ended;
    private long roundEndsMillis;

    PollRounds(long openedMillis) {
        this.roundEndsMillis = openedMillis + ROUND_MILLIS;
    }

    /** A message other than those of the command port was read and handled; its round is over. */
    void other(long nowMillis) {
        pass(nowMillis);
        if (isCounting()) {
            end(nowMillis);
        }
    }

    /** A message of two frames was read from the command port. */
    void command(long nowMillis) {
        pass(nowMillis);
        answered |= isCounting();
    }

    /** Lets time pass; to be called before anything else happens. */
    void pass(long nowMillis) {
        while (isCounting() && nowMillis >= roundEndsMillis + BETWEEN_ROUNDS_MILLIS) {
            end(roundEndsMillis);
        }
    }

    /** The reader slept in the middle of a round, until now. */
    void slept(long wokenMillis) {
        roundEndsMillis = Math.max(roundEndsMillis, wokenMillis);
    }

    private void end(long atMillis) {
        ended++;
        roundEndsMillis = atMillis + BETWEEN_ROUNDS_MILLIS + ROUND_MILLIS;
    }

    private boolean isCounting() {
        return !answered && !isDeaf();
    }

    /** Whether it reads no more, neither port. */
    boolean isDeaf() {
        return ended >= ROUNDS;
    }

    boolean isAnswered() {
        return answered;
    }
}
