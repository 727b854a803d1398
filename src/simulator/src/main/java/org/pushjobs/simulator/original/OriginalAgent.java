package org.pushjobs.simulator.original;

import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * What the original's Ruby agents (push-jobs-client 2.x and 3.x) make of what they hear, and of silence; all but jobs
 * (wire-protocol.md, "CURVE and ZAP" and "What the agent does with it"). The parts are what threads are there:
 * {@link ServerTicks} sends heartbeats and gives the server up, {@link PollRounds} reads both ports, {@link Reconfigurations}
 * asks for configurations. An agent whose reader has stopped is <em>deaf</em>: it goes on sending, and reads again only when it
 * has opened its sockets anew, by a new configuration or because it has given the server up.
 *
 * <p>Ticks and the pauses that go with them last an interval of the configuration; rounds, looks and pauses of requests have
 * times of their own. Times are milliseconds of one monotonic clock that never falls. Not thread-safe.
 */
public final class OriginalAgent {
    private static final long DEADLINE_LOOK_MILLIS = 5_000;
    private static final double SPLAY = 0.1;

    /** What an agent can have done. */
    public interface Hands {
        /** Sends a heartbeat. */
        void beat();

        /** Closes both sockets, dropping what was not sent, and opens them with the same configuration. */
        void reopen();

        /** Asks for the configuration; {@link OriginalAgent#configured} or {@link OriginalAgent#notConfigured} has to follow. */
        void fetch(Reason reason);

        /** Ends the process. */
        void exit();
    }

    /** Why a configuration is fetched. */
    public enum Reason {
        START,
        /** The reader has stopped. */
        DEAF,
        /** A server heartbeat with another incarnation. */
        INCARNATION,
        /** The lifetime is over. */
        DEADLINE
    }

    /** What can be wrong with a configuration request. */
    public enum Failure {
        /** Answered by 5xx. */
        UNAVAILABLE,
        /** No connection, or it broke. */
        UNREACHABLE,
        /** Any other answer. */
        REFUSED
    }

    /**
     * What a configuration says of times.
     *
     * @param lifetimeMillis after which it is fetched again, less up to a tenth
     */
    public record Terms(
            long intervalMillis,
            int offlineThreshold,
            int onlineThreshold,
            long lifetimeMillis,
            String incarnationId) {}

    private final Hands hands;
    private final RandomGenerator random;
    private final Reconfigurations reconfigurations = new Reconfigurations();
    private boolean started;
    private boolean exited;
    private Terms terms;
    private String incarnationId;
    private ServerTicks ticks;
    private PollRounds rounds;
    private OptionalLong readerSleepsUntil = OptionalLong.empty();
    private boolean deafnessSeen;
    private long deadlineMillis;
    private long deadlineLookMillis;

    /** A process that has just been started; it asks for its configuration at the first {@link #look}. */
    public OriginalAgent(Hands hands, RandomGenerator random, long nowMillis) {
        this.hands = hands;
        this.random = random;
        reconfigurations.want(Reason.START, nowMillis);
    }

    /** The configuration has come, and both sockets were opened with it just now. The first tick is due at once. */
    public void configured(Terms fetched, long nowMillis) {
        reconfigurations.succeeded();
        started = true;
        terms = fetched;
        incarnationId = fetched.incarnationId();
        ticks = new ServerTicks(fetched.offlineThreshold(), fetched.onlineThreshold());
        opened(nowMillis);
        deadlineMillis = splayed(fetched.lifetimeMillis(), nowMillis);
        deadlineLookMillis = nowMillis + DEADLINE_LOOK_MILLIS;
    }

    private void opened(long nowMillis) {
        rounds = new PollRounds(nowMillis);
        readerSleepsUntil = OptionalLong.empty();
        deafnessSeen = false;
    }

    private long splayed(long millis, long nowMillis) {
        return nowMillis + (long) (millis * (1 - SPLAY * random.nextDouble()));
    }

    /** It has not come. */
    public void notConfigured(Failure failure, long nowMillis) {
        if (reconfigurations.failed(failure, nowMillis) && !started) {
            exited = true;
            hands.exit();
        }
    }

    /** An interval has passed since the configuration or the tick before. */
    public void tick(long nowMillis) {
        switch (ticks.tick()) {
            case BEAT -> hands.beat();
            case WENT_AWAY -> {
                hands.reopen();
                opened(nowMillis);
            }
            case QUIET -> {}
        }
    }

    /** Whether the reader takes messages now; those that come while it only sleeps wait for it. */
    public boolean isReading(long nowMillis) {
        passTime(nowMillis);
        return started && !rounds.isDeaf() && readerSleepsUntil.isEmpty();
    }

    /** Whether the reader has stopped; what comes is never read. */
    public boolean isDeaf() {
        return started && rounds.isDeaf();
    }

    /** A server heartbeat was read. Only while {@link #isReading}. */
    public void heardServer(String serverIncarnationId, long nowMillis) {
        if (!serverIncarnationId.equals(incarnationId)) {
            // the reader itself sleeps, and whatever comes meanwhile waits with it
            incarnationId = serverIncarnationId;
            readerSleepsUntil = OptionalLong.of(nowMillis + random.nextLong(terms.intervalMillis()));
            return;
        }
        heard(nowMillis);
    }

    private void heard(long nowMillis) {
        ticks.heard();
        rounds.other(nowMillis);
        seeDeafness(nowMillis);
    }

    /** A message of two frames was read from the command port. Only while {@link #isReading}. */
    public void heardCommand(long nowMillis) {
        rounds.command(nowMillis);
    }

    /**
     * Lets time pass; to be called several times a second.
     *
     * @param idle whether no job is in flight
     */
    public void look(long nowMillis, boolean idle) {
        if (exited) {
            return;
        }
        if (started) {
            passTime(nowMillis);
            lookAtDeadline(nowMillis);
        }
        reconfigurations.due(nowMillis, idle).ifPresent(hands::fetch);
    }

    private void passTime(long nowMillis) {
        if (!started) {
            return;
        }
        if (readerSleepsUntil.isPresent()) {
            long wakes = readerSleepsUntil.getAsLong();
            if (nowMillis < wakes) {
                return;
            }
            readerSleepsUntil = OptionalLong.empty();
            reconfigurations.want(Reason.INCARNATION, wakes);
            rounds.slept(wakes);
            heard(wakes);
        }
        rounds.pass(nowMillis);
        seeDeafness(nowMillis);
    }

    private void seeDeafness(long nowMillis) {
        if (rounds.isDeaf() && !deafnessSeen) {
            deafnessSeen = true;
            reconfigurations.want(Reason.DEAF, nowMillis);
        }
    }

    private void lookAtDeadline(long nowMillis) {
        while (nowMillis >= deadlineLookMillis) {
            if (deadlineLookMillis >= deadlineMillis) {
                reconfigurations.want(Reason.DEADLINE, deadlineLookMillis);
                deadlineMillis = splayed(terms.lifetimeMillis(), deadlineLookMillis);
            }
            deadlineLookMillis += DEADLINE_LOOK_MILLIS;
        }
    }

    /** Whether it believes that the server is there, and so sends heartbeats. */
    public boolean isOnline() {
        return started && ticks.isOnline();
    }

    /** Whether something has come over the command port since the sockets were opened, and more would be read. */
    public boolean isAnswered() {
        return started && rounds.isAnswered();
    }

    /** Configuration requests that wait or are in hand. */
    int pendingRequests() {
        return reconfigurations.pending();
    }
}
