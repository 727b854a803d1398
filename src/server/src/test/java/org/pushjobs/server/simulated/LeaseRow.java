package org.pushjobs.server.simulated;

import java.util.Optional;
import java.util.Set;

/** The row of {@code coordinator_lease}; times are those of the database's clock, in milliseconds. */
final class LeaseRow {
    private final History history;
    private final Set<Plant> plants;
    private Optional<String> holder = Optional.empty();
    private long epoch;
    private long expiresMillis;

    LeaseRow(History history, Set<Plant> plants) {
        this.history = history;
        this.plants = plants;
    }

    Optional<String> holder() {
        return holder;
    }

    long epoch() {
        return epoch;
    }

    long expiresMillis() {
        return expiresMillis;
    }

    /** Of two that claim it at once one gets it. */
    boolean claim(String by, long afterEpoch, long nowMillis, long leaseMillis) {
        boolean mayBeTaken = holder.equals(Optional.of(by)) || expiresMillis <= nowMillis;
        if (epoch != afterEpoch || !mayBeTaken && !plants.contains(Plant.LEASES_OVERLAP)) {
            return false;
        }
        holder = Optional.of(by);
        epoch++;
        expiresMillis = nowMillis + leaseMillis;
        history.add(new History.Leased(by, epoch, nowMillis, expiresMillis));
        return true;
    }

    boolean isOf(String who, long ofEpoch) {
        return holder.equals(Optional.of(who)) && epoch == ofEpoch;
    }

    boolean renew(String by, long ofEpoch, long nowMillis, long leaseMillis) {
        if (!isOf(by, ofEpoch)) {
            return false;
        }
        expiresMillis = nowMillis + leaseMillis;
        history.add(new History.Leased(by, epoch, nowMillis, expiresMillis));
        return true;
    }

    void release(String by, long ofEpoch, long nowMillis) {
        if (isOf(by, ofEpoch)) {
            history.add(new History.Leased(by, epoch, nowMillis, nowMillis));
            holder = Optional.empty();
            expiresMillis = nowMillis;
        }
    }
}
