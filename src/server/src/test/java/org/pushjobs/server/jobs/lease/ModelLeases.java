package org.pushjobs.server.jobs.lease;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.store.Lease;
import org.pushjobs.server.store.Leases;
import org.pushjobs.server.testing.VirtualSchedule;

/** The lease as the database keeps it, on the test's time. */
final class ModelLeases implements Leases {
    private final VirtualSchedule schedule;
    private Optional<String> holder = Optional.empty();
    private long epoch;
    private long expires;
    private long renewals;

    /** By how much its clock differs. */
    long clockAheadMillis;

    /** Until a statement is carried out. */
    long thereMillis = 1;

    /** Until its answer is here. */
    long backMillis = 1;

    /** What becomes of statements. */
    Network network = Network.WORKS;

    enum Network {
        WORKS,
        /** Carried out, but nobody learns. */
        LOSES_ANSWERS,
        /** Not carried out. */
        FAILS
    }

    ModelLeases(VirtualSchedule schedule) {
        this.schedule = schedule;
    }

    private long now() {
        return schedule.millis() + clockAheadMillis;
    }

    /** Somebody else has taken it, for that long from now. */
    void holds(String other, long leaseMillis) {
        if (!holder.equals(Optional.of(other))) {
            epoch++;
        }
        holder = Optional.of(other);
        expires = now() + leaseMillis;
    }

    Optional<String> holder() {
        return holder.filter(_ -> expires > now());
    }

    long epoch() {
        return epoch;
    }

    long renewals() {
        return renewals;
    }

    /** When others may take it. */
    long expiresMillis() {
        return expires - clockAheadMillis;
    }

    @Override
    public Future<Optional<Long>> take(String who, Duration lease) {
        return statement(() -> {
            if (expires > now() && !holder.equals(Optional.of(who))) {
                return Optional.empty();
            }
            holder = Optional.of(who);
            expires = now() + lease.toMillis();
            return Optional.of(++epoch);
        });
    }

    @Override
    public Future<Boolean> renew(String who, long itsEpoch, Duration lease) {
        return statement(() -> {
            boolean current = holder.equals(Optional.of(who)) && epoch == itsEpoch;
            if (current) {
                expires = now() + lease.toMillis();
                renewals++;
            }
            return current;
        });
    }

    @Override
    public Future<Void> release(String who, long itsEpoch) {
        return statement(() -> {
            if (holder.equals(Optional.of(who)) && epoch == itsEpoch) {
                holder = Optional.empty();
                expires = now();
            }
            return null;
        });
    }

    @Override
    public Future<Lease> current() {
        return statement(() -> new Lease(holder, epoch, Duration.ofMillis(Math.max(0, expires - now()))));
    }

    private <T> Future<T> statement(Supplier<T> work) {
        Promise<T> answer = Promise.promise();
        Network now = network;
        schedule.after(thereMillis, () -> {
            switch (now) {
                case WORKS -> {
                    T result = work.get();
                    schedule.after(backMillis, () -> answer.complete(result));
                }
                case LOSES_ANSWERS -> {
                    work.get();
                    schedule.after(900, () -> answer.fail(ServerException.unavailable("no answer")));
                }
                case FAILS -> answer.fail(ServerException.unavailable("the database is away"));
            }
        });
        return answer.future();
    }
}
