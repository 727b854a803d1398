package org.pushjobs.server.jobs;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.jobs.model.EventRow;
import org.pushjobs.server.jobs.model.JobChanges;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.NewJob;
import org.pushjobs.server.jobs.model.NodeStatus;
import org.pushjobs.server.store.JobWrites;
import org.pushjobs.server.store.NotSentException;
import org.pushjobs.server.store.StaleEpochException;

/** A database in memory that does to its callers what real ones do; {@code LateWritesIT} shows that the real one is like it. */
final class ModelStore implements JobWrites {
    private static final int LATEST_MILLIS = 60_000;

    private final VirtualSchedule schedule;
    private final Random random;
    private final Map<String, Row> rows = new HashMap<>();
    private final Map<String, String> poison = new HashMap<>();
    private final Set<String> mustNotLive = new HashSet<>();
    private final Set<String> outputs = new HashSet<>();
    private final Deque<Long> failures = new ArrayDeque<>();
    private Mode mode = Mode.HEALTHY;
    private int mostFailuresInTenSeconds;
    private long mostRows;
    private boolean termIsOver;
    private boolean saidSo;

    /** What the database does at present. */
    enum Mode {
        HEALTHY,
        /** Nobody listens. */
        AWAY,
        /** It answers nothing; what it got it may carry out later. */
        HANGING,
        /** Anything may happen to each statement. */
        FLAKY,
        /** It has no room. */
        FULL
    }

    /** A job, or what keeps a discarded one out. */
    static final class Row {
        private final boolean isTombstone;
        private JobStatus status = JobStatus.VOTING;
        private long revision;
        private final Map<String, NodeStatus> nodes = new HashMap<>();
        private final Map<Integer, String> events = new TreeMap<>();

        private Row(boolean isTombstone) {
            this.isTombstone = isTombstone;
        }

        JobStatus status() {
            return status;
        }

        long revision() {
            return revision;
        }

        Map<String, NodeStatus> nodes() {
            return nodes;
        }

        Map<Integer, String> events() {
            return events;
        }
    }

    ModelStore(VirtualSchedule schedule, Random random) {
        this.schedule = schedule;
        this.random = random;
    }

    void become(Mode newMode) {
        mode = newMode;
    }

    /** From now on everything fails that this job is part of. */
    void poison(String jobId, String sqlState) {
        poison.put(jobId, sqlState);
    }

    void cure() {
        poison.clear();
    }

    /** Another term writes: from now on nothing of this one is written, and who has been told so must not ask again. */
    void endTerm() {
        termIsOver = true;
    }

    /** Fails the test when this job is in the database and has not ended, now or ever after. */
    void mustNotLive(String jobId) {
        mustNotLive.add(jobId);
        check();
    }

    Optional<Row> job(String id) {
        return Optional.ofNullable(rows.get(id)).filter(row -> !row.isTombstone);
    }

    boolean hasOutput(String jobId, String node) {
        return outputs.contains(jobId + node);
    }

    int mostFailuresInTenSeconds() {
        return mostFailuresInTenSeconds;
    }

    /** Of a call. */
    long mostRows() {
        return mostRows;
    }

    @Override
    public Future<Void> save(List<NewJob> created, List<JobChanges> changes) {
        mostRows = Math.max(
                mostRows,
                changes.stream()
                        .mapToLong(change ->
                                change.nodes().size() + change.events().size())
                        .sum());
        Set<String> jobs = new HashSet<>();
        created.forEach(job -> jobs.add(job.id()));
        changes.forEach(change -> jobs.add(change.jobId()));
        Optional<String> state =
                jobs.stream().filter(poison::containsKey).map(poison::get).findFirst();
        return call(state, () -> {
            Set<String> isNew = new HashSet<>();
            created.stream().filter(job -> !rows.containsKey(job.id())).forEach(job -> {
                Row row = new Row(false);
                job.terms().nodes().forEach(node -> row.nodes.put(node, NodeStatus.NEW));
                rows.put(job.id(), row);
                isNew.add(job.id());
            });
            Set<String> known = new HashSet<>();
            created.forEach(job -> known.add(job.id()));
            changes.forEach(change -> apply(change, isNew.contains(change.jobId()), known.contains(change.jobId())));
        });
    }

    private void apply(JobChanges change, boolean isNew, boolean inCreation) {
        Row row = rows.get(change.jobId());
        if (row == null) {
            return;
        }
        if (!row.status.isTerminal()) {
            change.outputs().keySet().forEach(node -> outputs.add(change.jobId() + node));
        }
        if (isNew) {
            events(row, change);
        }
        boolean anything = change.status()
                        .filter(to -> !inCreation || to != JobStatus.VOTING)
                        .isPresent()
                || !change.nodes().isEmpty()
                || !inCreation && !change.events().isEmpty();
        if (!anything || row.revision >= change.revision()) {
            return;
        }
        row.revision = change.revision();
        change.nodes().forEach((node, to) -> {
            if (!row.nodes.get(node).isTerminal()) {
                row.nodes.put(node, to.status());
            }
        });
        if (!inCreation) {
            events(row, change);
        }
        if (!row.status.isTerminal()) {
            change.status().ifPresent(status -> row.status = status);
        }
    }

    private static void events(Row row, JobChanges change) {
        for (EventRow event : change.events()) {
            row.events.putIfAbsent(event.seq(), event.name());
        }
    }

    @Override
    public Future<Void> discard(List<String> jobIds, Instant now) {
        return call(
                Optional.empty(),
                () -> jobIds.forEach(id -> {
                    Row row = rows.computeIfAbsent(id, _ -> new Row(true));
                    if (!row.status.isTerminal()) {
                        row.status = JobStatus.CRASHED;
                        row.revision = Long.MAX_VALUE;
                        if (!row.isTombstone) {
                            row.events.put(row.events.size() + 1, "job_complete");
                        }
                    }
                }));
    }

    private Future<Void> call(Optional<String> poisoned, Runnable statement) {
        if (saidSo) {
            throw new AssertionError("something was written although the term is over");
        }
        Promise<Void> answer = Promise.promise();
        if (termIsOver && mode == Mode.HEALTHY) {
            schedule.after(1, () -> {
                saidSo = true;
                answer.fail(new StaleEpochException(1));
            });
            return answer.future();
        }
        Runnable work = () -> {
            if (!termIsOver) {
                statement.run();
                check();
            }
        };
        switch (mode) {
            case HEALTHY -> answer(answer, 1 + random.nextInt(50), poisoned, work);
            case AWAY -> fail(answer, 1, new NotSentException(new IOException("connection refused")));
            case FULL -> fail(answer, 1 + random.nextInt(20), refused("53100"));
            case HANGING -> maybeLate(work, poisoned);
            case FLAKY -> {
                switch (random.nextInt(6)) {
                    case 0 -> answer(answer, 1 + random.nextInt(50), poisoned, work);
                    case 1 -> answer(answer, 1 + random.nextInt(7_000), poisoned, work);
                    case 2 -> maybeLate(work, poisoned);
                    case 3 -> fail(answer, 1, new NotSentException(new IOException("connection refused")));
                    case 4 -> {
                        // carried out, but the connection ends before the answer
                        maybe(work, poisoned, random.nextInt(10));
                        fail(answer, 20, ServerException.unavailable("the connection was closed"));
                    }
                    default -> fail(answer, 1 + random.nextInt(20), refused("40P01"));
                }
            }
        }
        return answer.future();
    }

    private void maybeLate(Runnable work, Optional<String> poisoned) {
        maybe(work, poisoned, random.nextInt(LATEST_MILLIS));
    }

    private void maybe(Runnable work, Optional<String> poisoned, int afterMillis) {
        if (random.nextBoolean() && poisoned.isEmpty()) {
            schedule.after(afterMillis, work);
        }
    }

    private void answer(Promise<Void> answer, long afterMillis, Optional<String> poisoned, Runnable work) {
        poisoned.ifPresentOrElse(
                state -> fail(answer, afterMillis, refused(state)),
                () -> schedule.after(afterMillis, () -> {
                    work.run();
                    if (termIsOver) {
                        answer.fail(new StaleEpochException(1));
                    } else {
                        answer.complete();
                    }
                }));
    }

    private static RuntimeException refused(String state) {
        PgException error = new PgException("no", "ERROR", state, "");
        if (state.startsWith("22")) {
            return error;
        }
        ServerException temporary = ServerException.unavailable("the database cannot do it now");
        temporary.initCause(error);
        return temporary;
    }

    private void fail(Promise<Void> answer, long afterMillis, Throwable cause) {
        schedule.after(afterMillis, () -> {
            failures.addLast(schedule.millis());
            while (failures.getFirst() < schedule.millis() - 10_000) {
                failures.removeFirst();
            }
            mostFailuresInTenSeconds = Math.max(mostFailuresInTenSeconds, failures.size());
            answer.fail(cause);
        });
    }

    private void check() {
        for (String id : mustNotLive) {
            if (job(id).filter(row -> !row.status.isTerminal()).isPresent()) {
                throw new AssertionError("a job of which was said that it was not started is live: " + id);
            }
        }
    }
}
