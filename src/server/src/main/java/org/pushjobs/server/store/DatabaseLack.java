package org.pushjobs.server.store;

import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a database that answers lacks what it needs to do anything: space, memory, connections, or the right to write.
 * It does since it refused a statement for that, until a harmless write succeeds. Beginning and end are logged once. Usable
 * from any thread.
 */
final class DatabaseLack {
    /**
     * Makes a table that ends with its transaction and is seen by nobody, and puts 64 kB into it, which needs what a real
     * write needs.
     */
    static final String PROBE = """
            create temporary table pushjobs_probe (filler text) on commit drop;
            alter table pushjobs_probe alter column filler set storage plain;
            insert into pushjobs_probe select repeat(md5(n::text), 128) from generate_series(1, 16) n""";

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseLack.class);

    /** What could not be stored is tried again within this time; before it is over, a probe proves nothing. */
    private static final Duration QUIET = Duration.ofSeconds(6);

    private final AtomicReference<Optional<Lack>> current = new AtomicReference<>(Optional.empty());

    /** @param nanos when a statement was last refused for it */
    private record Lack(String what, String message, long nanos) {}

    /** A statement failed, perhaps for something else. */
    void failed(Throwable cause) {
        StoreErrors.lack(cause).ifPresent(what -> {
            Lack lack = new Lack(what, String.valueOf(cause.getMessage()), System.nanoTime());
            Optional<Lack> before = current.getAndSet(Optional.of(lack));
            if (before.filter(known -> known.what().equals(what)).isEmpty()) {
                LOG.error("{}, nothing new is stored until that is mended [cause: {}]", what, lack.message());
            }
        });
    }

    /** What is lacking, for people. */
    Optional<String> current() {
        return current.get().map(lack -> lack.what() + ": " + lack.message());
    }

    boolean isToBeProbed() {
        return current.get()
                .filter(lack -> System.nanoTime() - lack.nanos() > QUIET.toNanos())
                .isPresent();
    }

    void probeFailed(Throwable cause) {
        if (StoreErrors.lack(cause).isPresent()) {
            failed(cause);
        } else if (cause instanceof PgException) {
            // the probe itself is not allowed here: what is really written will show it
            ended();
        }
    }

    void ended() {
        current.getAndSet(Optional.empty())
                .ifPresent(lack -> LOG.info("the database takes writes again [after: {}]", lack.what()));
    }
}
