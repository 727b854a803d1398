package org.pushjobs.server.simulated;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.store.NotSentException;
import org.pushjobs.server.store.StaleEpochException;

/**
 * A database that does to its clients what real ones do: a statement may come late or never, its answer may get lost, it ends
 * when it takes too long, and it is decided by what is committed when it has its locks ({@code LateWritesIT} and {@code TakeOverIT}
 * show that the real one is like it). A client that gives up waiting, or ends, does not stop its statement.
 */
final class ModelDatabase {
    /** The database ends what takes longer; below what a term waits for. */
    static final long STATEMENT_MILLIS = 4_000;
    /** The same for the lease. */
    static final long LEASE_STATEMENT_MILLIS = 700;

    private static final int LATEST_MILLIS = 60_000;
    private static final String CANCELLED = "57014";
    private static final String DEADLOCK = "40P01";
    private static final String FULL = "53100";

    private final Timeline timeline;
    private final SplittableRandom random;
    private final History history;
    private final Set<Plant> plants;
    private final Tables tables;
    private final LeaseRow lease;
    private final EpochRow epochRow = new EpochRow();
    private final Map<String, Mode> modes = new HashMap<>();
    private long clockOffMillis;

    /** What the way to the database, or the database itself, is like for a host. */
    enum Mode {
        HEALTHY,
        /** Nobody listens. */
        AWAY,
        /** Nothing is answered; what was sent may be carried out later. */
        HANGING,
        /** Anything may happen to each statement. */
        FLAKY,
        /** There is no room for what is written. */
        FULL
    }

    ModelDatabase(Timeline timeline, SplittableRandom random, History history, Set<Plant> plants) {
        this.timeline = timeline;
        this.random = random;
        this.history = history;
        this.plants = plants;
        this.tables = new Tables(history, plants);
        this.lease = new LeaseRow(history, plants);
    }

    Tables tables() {
        return tables;
    }

    LeaseRow lease() {
        return lease;
    }

    EpochRow epochRow() {
        return epochRow;
    }

    Set<Plant> plants() {
        return plants;
    }

    /** The holder of the lease begins its term. */
    boolean raise(String holder, long epoch) {
        boolean may = epochRow.epoch() <= epoch && lease.isOf(holder, epoch);
        if (may && epochRow.epoch() < epoch) {
            epochRow.raise(epoch);
            history.add(new History.EpochRaised(epoch));
        }
        return may;
    }

    void become(String host, Mode mode) {
        modes.put(host, mode);
    }

    /** @param offMillis by how much its clock is wrong from now on */
    void setClock(long offMillis) {
        clockOffMillis = offMillis;
    }

    long clockMillis() {
        return timeline.millis() + clockOffMillis;
    }

    Instant now() {
        return VirtualProcess.time(clockMillis());
    }

    // ---- what may be asked of it

    /** A look at what is committed. */
    <T> Future<T> read(VirtualProcess client, Supplier<T> query) {
        return new Call<T>(client).send(call -> call.after(random.nextInt(3), () -> call.answer(query)));
    }

    /** A transaction of a term; empty is what it answers. */
    Future<Void> write(VirtualProcess client, long epoch, Runnable transaction) {
        Call<Void> call = new Call<>(client);
        if (mode(client) == Mode.FULL) {
            return call.refused(FULL);
        }
        return call.send(_ -> write(call, epoch, transaction));
    }

    private void write(Call<Void> call, long epoch, Runnable transaction) {
        long began = timeline.millis();
        Runnable[] giveUp = new Runnable[1];
        Runnable cancelTimeout = timeline.after(STATEMENT_MILLIS, () -> {
            giveUp[0].run();
            call.fail(temporary(CANCELLED));
        });
        giveUp[0] = epochRow.share(() -> {
            cancelTimeout.run();
            if (epochRow.epoch() != epoch && !plants.contains(Plant.OLD_TERMS_WRITE)) {
                epochRow.releaseShare();
                call.fail(new StaleEpochException(epoch));
                return;
            }
            long left = began + STATEMENT_MILLIS - timeline.millis();
            long takes = mode(call.client) == Mode.FLAKY && random.nextInt(8) == 0
                    ? random.nextLong(STATEMENT_MILLIS + 500)
                    : 1 + random.nextInt(4);
            if (takes > left) {
                timeline.after(left, () -> {
                    epochRow.releaseShare();
                    call.fail(temporary(CANCELLED));
                });
                return;
            }
            if (plants.contains(Plant.ANSWERED_BEFORE_COMMITTED) && random.nextInt(20) == 0) {
                epochRow.releaseShare();
                call.answer(() -> null);
                return;
            }
            timeline.after(takes, () -> {
                call.answer(() -> {
                    transaction.run();
                    return null;
                });
                epochRow.releaseShare();
            });
        });
    }

    /** A statement about the lease alone. */
    <T> Future<T> ofLease(VirtualProcess client, Supplier<T> statement) {
        return new Call<T>(client).send(call -> call.after(random.nextInt(3), () -> call.answer(statement)));
    }

    /** A statement that has the row of the epoch alone. */
    <T> Future<T> alone(VirtualProcess client, Supplier<T> statement) {
        return new Call<T>(client).send(call -> {
            Runnable[] giveUp = new Runnable[1];
            Runnable cancelTimeout = timeline.after(LEASE_STATEMENT_MILLIS, () -> {
                giveUp[0].run();
                call.fail(temporary(CANCELLED));
            });
            giveUp[0] = epochRow.alone(() -> {
                cancelTimeout.run();
                call.after(random.nextInt(3), () -> {
                    call.answer(statement);
                    epochRow.releaseAlone();
                });
            });
        });
    }

    private Mode mode(VirtualProcess client) {
        return modes.getOrDefault(client.host(), Mode.HEALTHY);
    }

    private static ServerException temporary(String sqlState) {
        ServerException failure = ServerException.unavailable("the database cannot do it now: " + sqlState);
        failure.initCause(new PgException("no", "ERROR", sqlState, ""));
        return failure;
    }

    private static NotSentException notSent() {
        return new NotSentException(new IOException("connection refused"));
    }

    /** What is to be done in the database. */
    private interface Work<T> {
        void arrive(Call<T> call);
    }

    /** One call of a client, which may hear of it or not. */
    private final class Call<T> {
        private final VirtualProcess client;
        private final Promise<T> promise = Promise.promise();
        private boolean answerIsLost;

        private Call(VirtualProcess client) {
            this.client = client;
        }

        private Future<T> refused(String sqlState) {
            fail(temporary(sqlState));
            return promise.future();
        }

        private Future<T> send(Work<T> work) {
            switch (mode(client)) {
                case HEALTHY, FULL -> arriveAfter(1 + random.nextInt(4), work);
                case AWAY -> fail(notSent());
                case HANGING -> {
                    answerIsLost = true;
                    maybe(random.nextInt(LATEST_MILLIS), work);
                }
                case FLAKY -> {
                    switch (random.nextInt(8)) {
                        case 0, 1 -> arriveAfter(1 + random.nextInt(50), work);
                        case 2 -> arriveAfter(1 + random.nextInt(7_000), work);
                        case 3 -> {
                            answerIsLost = true;
                            maybe(random.nextInt(LATEST_MILLIS), work);
                        }
                        case 4 -> fail(notSent());
                        case 5 -> {
                            // the connection ends before the answer
                            answerIsLost = true;
                            maybe(random.nextInt(10), work);
                            hear(20, () -> promise.tryFail(ServerException.unavailable("the connection was closed")));
                        }
                        case 6 -> fail(temporary(DEADLOCK));
                        default -> arriveAfter(1 + random.nextInt(500), work);
                    }
                }
            }
            return promise.future();
        }

        private void maybe(long millis, Work<T> work) {
            if (random.nextBoolean()) {
                arriveAfter(millis, work);
            }
        }

        private void arriveAfter(long millis, Work<T> work) {
            timeline.after(millis, () -> work.arrive(this));
        }

        private void after(long millis, Runnable next) {
            timeline.after(millis, next);
        }

        private void answer(Supplier<T> decided) {
            T result;
            try {
                result = decided.get();
            } catch (PgException refused) {
                fail(refused);
                return;
            }
            if (!answerIsLost) {
                hear(random.nextInt(4), () -> promise.tryComplete(result));
            }
        }

        private void fail(RuntimeException failure) {
            if (!answerIsLost) {
                hear(1 + random.nextInt(4), () -> promise.tryFail(failure));
            }
        }

        private void hear(long millis, Runnable answer) {
            timeline.after(millis, () -> client.arrive(answer));
        }
    }
}
