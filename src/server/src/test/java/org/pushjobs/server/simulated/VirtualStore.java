package org.pushjobs.server.simulated;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pushjobs.server.jobs.model.EarlierStart;
import org.pushjobs.server.jobs.model.IdempotencyKey;
import org.pushjobs.server.jobs.model.JobChanges;
import org.pushjobs.server.jobs.model.NewJob;
import org.pushjobs.server.jobs.model.OutputKey;
import org.pushjobs.server.jobs.model.OutputPart;
import org.pushjobs.server.jobs.model.StoredJob;
import org.pushjobs.server.store.Lease;
import org.pushjobs.server.store.Leases;
import org.pushjobs.server.store.OutputEnds;
import org.pushjobs.server.store.TermReads;
import org.pushjobs.server.store.TermWrites;
import org.pushjobs.server.time.Schedule;

/** What a process can do with the {@link ModelDatabase}. */
final class VirtualStore {
    /** As {@code LeaseStore} waits for an answer. */
    private static final long LEASE_ANSWER_MILLIS = 900;

    private static final int MOST_RAISES = 8;

    private final ModelDatabase database;
    private final VirtualProcess process;

    VirtualStore(ModelDatabase database, VirtualProcess process) {
        this.database = database;
        this.process = process;
    }

    TermReads reads() {
        return new TermReads() {
            @Override
            public Future<Instant> now() {
                return database.read(process, database::now);
            }

            @Override
            public Future<Optional<Instant>> oursSince() {
                return database.read(process, () -> Optional.of(VirtualProcess.time(0)));
            }

            @Override
            public Future<List<StoredJob>> live() {
                return database.read(process, () -> database.tables().live());
            }

            @Override
            public Future<Map<String, Instant>> newestEvents() {
                return database.read(process, () -> database.tables().newestEvents());
            }

            @Override
            public Future<Optional<StoredJob>> find(String orgGuid, String id) {
                return database.read(process, () -> database.tables().find(orgGuid, id));
            }

            @Override
            public Future<Optional<EarlierStart>> earlierStart(String orgGuid, String requestor, IdempotencyKey key) {
                return database.read(process, () -> database.tables().earlierStart(orgGuid, requestor, key));
            }
        };
    }

    TermWrites writes(long epoch) {
        return new TermWrites() {
            @Override
            public Future<Void> save(List<NewJob> created, List<JobChanges> changes) {
                return database.write(process, epoch, () -> database.tables().save(epoch, created, changes));
            }

            @Override
            public Future<Void> discard(List<String> jobIds, Instant now) {
                return database.write(process, epoch, () -> database.tables().discard(epoch, jobIds, now));
            }

            @Override
            public Future<Integer> crashLive(Instant now) {
                throw new UnsupportedOperationException("jobs are resumed here");
            }

            @Override
            public Future<Boolean> append(List<OutputPart> parts) {
                return database.write(process, epoch, () -> {}).map(true);
            }

            @Override
            public Future<Integer> deleteEnded(Instant endedBefore, int limit) {
                throw new UnsupportedOperationException("jobs are kept for ever here");
            }
        };
    }

    OutputEnds outputEnds() {
        return (List<OutputKey> _) -> database.read(process, Map::of);
    }

    /** The lease, asked for with the statements of {@code LeaseStore}. */
    Leases leases(Schedule schedule) {
        return new Leases() {
            @Override
            public Future<Optional<Long>> take(String holder, Duration lease) {
                return current().compose(found -> {
                    long epoch = found.epoch() + 1;
                    boolean mayBeTaken = database.plants().contains(Plant.LEASES_OVERLAP)
                            || found.left().isZero()
                            || found.holder().equals(Optional.of(holder));
                    return mayBeTaken
                            ? claim(holder, found.epoch(), lease)
                                    .compose(claimed -> claimed
                                            ? begin(holder, epoch, lease, MOST_RAISES)
                                            : Future.succeededFuture(false))
                                    .map(begun -> begun ? Optional.of(epoch) : Optional.<Long>empty())
                            : Future.succeededFuture(Optional.empty());
                });
            }

            private Future<Boolean> claim(String holder, long afterEpoch, Duration lease) {
                return answered(database.ofLease(
                        process,
                        () -> database.lease().claim(holder, afterEpoch, database.clockMillis(), lease.toMillis())));
            }

            private Future<Boolean> begin(String holder, long epoch, Duration lease, int attempts) {
                return raise(holder, epoch)
                        .recover(failure -> attempts == 1
                                ? Future.failedFuture(failure)
                                : renew(holder, epoch, lease)
                                        .compose(kept -> kept
                                                ? begin(holder, epoch, lease, attempts - 1)
                                                : Future.succeededFuture(false)));
            }

            private Future<Boolean> raise(String holder, long epoch) {
                return answered(database.alone(process, () -> database.raise(holder, epoch)));
            }

            @Override
            public Future<Boolean> renew(String holder, long epoch, Duration lease) {
                return answered(database.ofLease(
                        process,
                        () -> database.lease().renew(holder, epoch, database.clockMillis(), lease.toMillis())));
            }

            @Override
            public Future<Void> release(String holder, long epoch) {
                return answered(database.ofLease(process, () -> {
                    database.lease().release(holder, epoch, database.clockMillis());
                    return null;
                }));
            }

            @Override
            public Future<Lease> current() {
                return answered(database.ofLease(process, () -> {
                    LeaseRow row = database.lease();
                    return new Lease(
                            row.holder(),
                            row.epoch(),
                            Duration.ofMillis(Math.max(0, row.expiresMillis() - database.clockMillis())));
                }));
            }

            private <T> Future<T> answered(Future<T> answer) {
                return schedule.within(LEASE_ANSWER_MILLIS, answer);
            }
        };
    }
}
