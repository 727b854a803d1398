package org.pushjobs.agent.link;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.pushjobs.agent.link.ConfigFetcher.WhileStarting;
import org.pushjobs.protocol.message.JobState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets the configuration when it is time to. Belongs to the agent's thread; the fetch itself runs on a virtual thread.
 * Reasons that a new configuration does not remove are followed up ever more slowly, so that an agent which the server
 * refuses does not storm it.
 */
final class ConfigDesk {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigDesk.class);
    private static final int MOST_DOUBLINGS = 8;
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    /** An outage has one fetch at most: the next comes so long after one that was in vain. */
    private static final Duration UNHEARD_PAUSE = Duration.ofMinutes(1);

    private final ConfigFetcher fetcher;
    private final Mailbox mailbox;
    private final LongSupplier clock;
    private final RandomGenerator random;
    private final BiConsumer<ServerSession, FetchReason> listener;
    private final FetchSchedule schedule;
    private final RateLimitedLog warnings = new RateLimitedLog(LOG);
    private Optional<Thread> fetch = Optional.empty();
    private int fetches;
    private int deafInARow;
    private int strangeInARow;
    private int unheardInARow;
    private Optional<String> unheardAddress = Optional.empty();

    /**
     * @param clock monotonic, in milliseconds
     * @param listener told of every configuration, on the agent's thread
     */
    ConfigDesk(
            ConfigFetcher fetcher,
            Mailbox mailbox,
            LongSupplier clock,
            RandomGenerator random,
            BiConsumer<ServerSession, FetchReason> listener) {
        this.fetcher = fetcher;
        this.mailbox = mailbox;
        this.clock = clock;
        this.random = random;
        this.listener = listener;
        this.schedule = new FetchSchedule(random, clock.getAsLong());
    }

    /** Somebody wants a fetch now. */
    void requested() {
        LOG.info("the configuration is to be fetched again");
        schedule.request(FetchReason.REQUESTED, clock.getAsLong());
    }

    /** The server is there, but its command port does not answer. */
    void commandPortIsDeaf() {
        deafInARow++;
        schedule.withdraw(FetchReason.UNHEARD, clock.getAsLong());
        schedule.request(FetchReason.SILENCE, clock.getAsLong());
    }

    /** The server is there, but its command port is not where it should be; may be told again and again. */
    void commandPortIsGone() {
        if (!schedule.isPlannedBy(clock.getAsLong())) {
            commandPortIsDeaf();
        }
    }

    /** The command port answers. */
    void commandPortAnswers() {
        deafInARow = 0;
    }

    /** How often in a row the command port was deaf. */
    int deafInARow() {
        return deafInARow;
    }

    /** A server heartbeat does not fit the configuration: wait up to one interval, longer if that did not help before. */
    void heartbeatIsStrange(FetchReason reason, long intervalMillis) {
        schedule.withdraw(FetchReason.UNHEARD, clock.getAsLong());
        long longest = Math.max(intervalMillis, LONGEST_PAUSE.toMillis());
        long window = Math.min(intervalMillis << Math.min(strangeInARow, MOST_DOUBLINGS), longest);
        if (!schedule.isPlannedBy(clock.getAsLong() + window)) {
            strangeInARow++;
            long pause = random.nextLong(window + 1);
            LOG.info("the configuration is to be fetched again [reason: {}, in: {} ms]", reason, pause);
            schedule.request(reason, clock.getAsLong() + pause);
        }
    }

    /** A server heartbeat fits the configuration. */
    void heartbeatFits() {
        strangeInARow = 0;
        unheardInARow = 0;
        schedule.withdraw(FetchReason.UNHEARD, clock.getAsLong());
    }

    /**
     * The server is not heard where it should be: it is down, or has moved. Whether it has is asked within an interval, and
     * ever more rarely when the configuration turned out to be the same.
     *
     * @param address of the heartbeat port when it could not be connected to; nobody is asked once it can be
     */
    void serverIsUnheard(Optional<String> address, long intervalMillis) {
        unheardAddress = address;
        long longest = unheardInARow == 0
                ? intervalMillis
                : Math.min(
                        UNHEARD_PAUSE.toMillis() << Math.min(unheardInARow - 1, MOST_DOUBLINGS),
                        LONGEST_PAUSE.toMillis());
        if (!schedule.isPlannedBy(clock.getAsLong() + longest)) {
            long shortest = unheardInARow == 0 ? 0 : longest / 2;
            schedule.request(
                    FetchReason.UNHEARD, clock.getAsLong() + shortest + random.nextLong(longest - shortest + 1));
        }
    }

    /** Starts a fetch if it is time and the job's state allows it. */
    void startIfDue(JobState jobState) {
        Optional<String> address = unheardAddress;
        schedule.start(jobState, clock.getAsLong())
                .ifPresent(reason -> fetch =
                        Optional.of(Thread.ofVirtual().name("config-fetch").start(() -> fetch(reason, address))));
    }

    private void fetch(FetchReason reason, Optional<String> address) {
        try {
            boolean mayHaveMoved = reason == FetchReason.UNHEARD;
            if (mayHaveMoved
                    && address.isPresent()
                    && PortProbe.problem(address.get()).isEmpty()) {
                mailbox.post(() -> schedule.dropped(clock.getAsLong()));
                return;
            }
            // a server that only starts refuses it; its ports are found open before it is asked again
            ServerSession session = fetcher.fetch(mayHaveMoved ? WhileStarting.REFUSE : WhileStarting.HOLD);
            mailbox.post(() -> fetched(session, reason));
        } catch (ConfigFetchException e) {
            mailbox.post(() -> failed(e.getMessage(), reason));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("fetching the configuration broke off", e);
            mailbox.post(() -> failed(e.toString(), reason));
        }
    }

    private void fetched(ServerSession session, FetchReason reason) {
        fetches++;
        unheardInARow = reason == FetchReason.UNHEARD ? unheardInARow + 1 : 0;
        LOG.info(
                "fetched the configuration [reason: {}, command port: {}, incarnation: {}]",
                reason,
                session.document().commandAddress(),
                session.document().incarnationId());
        schedule.succeeded(session.document().lifetimeSeconds(), clock.getAsLong());
        listener.accept(session, reason);
    }

    private void failed(String problem, FetchReason reason) {
        long pause = schedule.failed(clock.getAsLong());
        warnings.warn(
                "the configuration could not be fetched: " + problem,
                "reason: " + reason + ", next attempt in: " + pause + " ms",
                clock.getAsLong());
    }

    /** How often the configuration was got. */
    int fetches() {
        return fetches;
    }

    /** When {@link #startIfDue} is worth calling. */
    long nextCheckMillis() {
        return schedule.nextCheckMillis();
    }

    void stop() {
        fetch.ifPresent(Thread::interrupt);
    }
}
