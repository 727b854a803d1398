package org.pushjobs.agent.link;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says why a port cannot be reached while its connection is down: now and then somebody else tries to connect there. Belongs
 * to the agent's thread, the attempts have threads of their own. Times are milliseconds of one monotonic clock.
 */
final class ConnectionWatch {
    /** The socket itself tries every half second; what it manages needs no explanation. */
    static final Duration PATIENCE = Duration.ofSeconds(1);

    static final Duration PAUSE = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionWatch.class);
    private static final long NEVER = Long.MAX_VALUE;

    private final PortConnection connection;
    private final Function<String, Optional<String>> probe;
    private final Mailbox mailbox;
    private final RateLimitedLog warnings;
    private Optional<String> problem = Optional.empty();
    private long nextAttemptMillis;
    private boolean attempting;

    /**
     * @param probe why an address cannot be reached; may block
     * @param warnings for several watches, so that a cause is told once by all of them
     */
    ConnectionWatch(
            PortConnection connection,
            Function<String, Optional<String>> probe,
            Mailbox mailbox,
            RateLimitedLog warnings,
            long nowMillis) {
        this.connection = connection;
        this.probe = probe;
        this.mailbox = mailbox;
        this.warnings = warnings;
        this.nextAttemptMillis = nowMillis + PATIENCE.toMillis();
    }

    static RateLimitedLog warnings() {
        return new RateLimitedLog(LOG);
    }

    PortConnection connection() {
        return connection;
    }

    /** Starts an attempt when it is time to, and notices when the connection is there. */
    void look(long nowMillis) {
        if (connection.isUp()) {
            nextAttemptMillis = NEVER;
            problem.ifPresent(solved -> LOG.info("connected to {} [before: {}]", connection.address(), solved));
            problem = Optional.empty();
        } else {
            if (nextAttemptMillis == NEVER) {
                nextAttemptMillis = nowMillis + PATIENCE.toMillis();
            }
            if (!attempting && nowMillis >= nextAttemptMillis) {
                attempting = true;
                nextAttemptMillis = nowMillis + PAUSE.toMillis();
                Thread.ofPlatform().daemon().name("port-probe").start(() -> attempt(nowMillis));
            }
        }
    }

    private void attempt(long nowMillis) {
        Optional<String> found = cause();
        mailbox.post(() -> {
            attempting = false;
            if (!connection.isUp()) {
                problem = found;
                problem.ifPresent(text -> warnings.warn(text, "not connected", nowMillis));
            }
        });
    }

    /** An attempt that breaks off must not be the last one. */
    private Optional<String> cause() {
        try {
            return probe.apply(connection.address());
        } catch (RuntimeException | Error e) {
            return Optional.of("cannot connect to " + connection.address() + ": " + e);
        }
    }

    /** Why the port cannot be reached; empty when it can, or when that is not known. */
    Optional<String> problem() {
        return problem;
    }

    /** When {@link #look} is worth calling. */
    long nextCheckMillis() {
        return connection.isUp() || attempting ? NEVER : nextAttemptMillis;
    }
}
