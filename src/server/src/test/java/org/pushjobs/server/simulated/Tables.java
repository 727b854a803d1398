package org.pushjobs.server.simulated;

import io.vertx.pgclient.PgException;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.pushjobs.server.jobs.model.EarlierStart;
import org.pushjobs.server.jobs.model.EventRow;
import org.pushjobs.server.jobs.model.IdempotencyKey;
import org.pushjobs.server.jobs.model.JobAbort;
import org.pushjobs.server.jobs.model.JobChanges;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.NewJob;
import org.pushjobs.server.jobs.model.NodeStatus;
import org.pushjobs.server.jobs.model.StoredJob;

/**
 * The tables of jobs, and what committed transactions do to them, each at once ({@code FencedSql}). All that changes is noted in
 * the history, under the epoch of its writer.
 */
final class Tables {
    private static final String UNIQUE_VIOLATION = "23505";

    private final History history;
    private final Set<Plant> plants;
    private final Map<String, Row> jobs = new LinkedHashMap<>();

    private static final class Row {
        /** Empty where a discarded job is kept out. */
        private final Optional<NewJob> job;

        private JobStatus status = JobStatus.VOTING;
        private long revision;
        private Instant updatedAt;
        private boolean keyIsFree;
        private Optional<JobAbort> abort = Optional.empty();
        private final Map<String, NodeStatus> nodes = new TreeMap<>();
        private final Set<String> outputs = new HashSet<>();
        private final TreeMap<Integer, EventRow> events = new TreeMap<>();

        private Row(Optional<NewJob> job, Instant at) {
            this.job = job;
            this.updatedAt = at;
            job.ifPresent(facts -> facts.terms().nodes().forEach(node -> nodes.put(node, NodeStatus.NEW)));
        }

        private boolean isOf(NewJob other) {
            return !keyIsFree
                    && job.filter(mine -> mine.orgGuid().equals(other.orgGuid())
                                    && mine.requestor().equals(other.requestor())
                                    && mine.key()
                                            .map(IdempotencyKey::value)
                                            .equals(other.key().map(IdempotencyKey::value)))
                            .isPresent();
        }
    }

    Tables(History history, Set<Plant> plants) {
        this.history = history;
        this.plants = plants;
    }

    // ---- what a term writes

    /** @throws PgException and has changed nothing when a key is another job's */
    void save(long epoch, List<NewJob> created, List<JobChanges> changes) {
        List<NewJob> fresh =
                created.stream().filter(job -> !jobs.containsKey(job.id())).toList();
        for (NewJob job : fresh) {
            if (job.key().isPresent()
                    && !plants.contains(Plant.KEYS_ARE_IGNORED)
                    && jobs.values().stream().anyMatch(row -> row.isOf(job))) {
                throw new PgException("duplicate key", "ERROR", UNIQUE_VIOLATION, "");
            }
        }
        for (NewJob job : fresh) {
            jobs.put(job.id(), new Row(Optional.of(job), job.createdAt()));
            history.add(new History.JobStored(
                    epoch, job.id(), job.terms().spec().command(), job.key().map(IdempotencyKey::value)));
        }
        Set<String> isNew = new HashSet<>();
        fresh.forEach(job -> isNew.add(job.id()));
        Set<String> inCreation = new HashSet<>();
        created.forEach(job -> inCreation.add(job.id()));
        changes.forEach(
                change -> apply(epoch, change, isNew.contains(change.jobId()), inCreation.contains(change.jobId())));
    }

    private void apply(long epoch, JobChanges change, boolean isNew, boolean inCreation) {
        Row row = jobs.get(change.jobId());
        if (row == null || row.job.isEmpty()) {
            return;
        }
        if (!row.status.isTerminal()) {
            row.outputs.addAll(change.outputs().keySet());
        }
        if (isNew) {
            events(epoch, row, change);
        }
        Optional<JobStatus> status = change.status().filter(to -> !inCreation || to != NewJob.STATUS);
        boolean anything = status.isPresent()
                || change.abort().isPresent()
                || !change.nodes().isEmpty()
                || !inCreation && !change.events().isEmpty();
        boolean late = row.revision >= change.revision() && !plants.contains(Plant.LATE_STATEMENTS_COUNT);
        if (!anything || late) {
            return;
        }
        row.revision = Math.max(row.revision, change.revision());
        // in an order that is the same each time
        new TreeMap<>(change.nodes()).forEach((node, to) -> set(epoch, row, change.jobId(), node, to));
        if (!inCreation) {
            events(epoch, row, change);
        }
        row.abort = row.abort.or(change::abort);
        if (!row.status.isTerminal()) {
            status.ifPresent(to -> set(epoch, row, change.jobId(), to, change.at()));
        }
    }

    private void set(long epoch, Row row, String jobId, String node, JobChanges.NodeChange to) {
        NodeStatus from = row.nodes.get(node);
        if (from.isTerminal() && !plants.contains(Plant.LATE_STATEMENTS_COUNT)) {
            return;
        }
        row.nodes.put(node, to.status());
        history.add(new History.NodeStatusStored(
                epoch, jobId, node, from, to.status(), to.reason().orElse("")));
    }

    private void set(long epoch, Row row, String jobId, JobStatus to, Instant at) {
        history.add(new History.JobStatusStored(epoch, jobId, row.status, to));
        row.status = to;
        row.updatedAt = at;
    }

    private void events(long epoch, Row row, JobChanges change) {
        change.events().forEach(event -> event(epoch, row, change.jobId(), event));
    }

    private void event(long epoch, Row row, String jobId, EventRow event) {
        String text = event.name() + event.data().encode();
        if (row.events.putIfAbsent(event.seq(), event) == null) {
            history.add(new History.EventStored(epoch, jobId, event.seq(), text));
        } else {
            history.add(new History.EventLost(epoch, jobId, event.seq(), text));
        }
    }

    void discard(long epoch, List<String> ids, Instant now) {
        for (String id : ids) {
            Row row = jobs.get(id);
            if (row == null) {
                if (!plants.contains(Plant.DISCARDED_JOBS_COME_BACK)) {
                    jobs.put(id, discarded(now));
                }
            } else if (!row.status.isTerminal()) {
                row.revision = Long.MAX_VALUE;
                row.keyIsFree = true;
                set(epoch, row, id, JobStatus.CRASHED, now);
                endFeed(epoch, row, id, now);
            }
        }
    }

    private static Row discarded(Instant now) {
        Row row = new Row(Optional.empty(), now);
        row.status = JobStatus.CRASHED;
        row.revision = Long.MAX_VALUE;
        return row;
    }

    private void endFeed(long epoch, Row row, String jobId, Instant now) {
        if (!row.events.isEmpty()) {
            Instant after = row.events.lastEntry().getValue().at().plusNanos(1_000);
            event(
                    epoch,
                    row,
                    jobId,
                    new EventRow(
                            row.events.lastKey() + 1,
                            "job_complete",
                            now.isAfter(after) ? now : after,
                            new io.vertx.core.json.JsonObject().put("status", JobStatus.CRASHED.label())));
        }
    }

    // ---- what is read

    List<StoredJob> live() {
        return jobs.entrySet().stream()
                .filter(entry -> !entry.getValue().status.isTerminal())
                .map(entry -> stored(entry.getKey(), entry.getValue()))
                .toList();
    }

    Optional<StoredJob> find(String orgGuid, String id) {
        return Optional.ofNullable(jobs.get(id))
                .filter(row ->
                        row.job.filter(job -> job.orgGuid().equals(orgGuid)).isPresent())
                .map(row -> stored(id, row));
    }

    private static StoredJob stored(String id, Row row) {
        NewJob job = row.job.orElseThrow();
        return new StoredJob(
                id,
                job.orgGuid(),
                job.requestor(),
                job.terms(),
                row.status,
                job.createdAt(),
                row.updatedAt,
                row.nodes,
                row.events.isEmpty() ? 0 : row.events.lastKey(),
                row.revision,
                row.abort);
    }

    Map<String, Instant> newestEvents() {
        Map<String, Instant> newest = new TreeMap<>();
        jobs.forEach((id, row) -> {
            if (!row.status.isTerminal() && !row.events.isEmpty()) {
                newest.put(id, row.events.lastEntry().getValue().at());
            }
        });
        return newest;
    }

    Optional<EarlierStart> earlierStart(String orgGuid, String requestor, IdempotencyKey key) {
        if (plants.contains(Plant.KEYS_ARE_IGNORED)) {
            return Optional.empty();
        }
        return jobs.entrySet().stream()
                .filter(entry -> !entry.getValue().keyIsFree)
                .filter(entry -> entry.getValue()
                        .job
                        .filter(job -> job.orgGuid().equals(orgGuid)
                                && job.requestor().equals(requestor)
                                && job.key()
                                        .filter(its -> its.value().equals(key.value()))
                                        .isPresent())
                        .isPresent())
                .map(entry -> new EarlierStart(
                        entry.getKey(),
                        entry.getValue().job.orElseThrow().key().orElseThrow().requestDigest()))
                .findFirst();
    }

    List<EventRow> events(String jobId, int afterSeq, int atMost) {
        Row row = jobs.get(jobId);
        return row == null
                ? List.of()
                : row.events.tailMap(afterSeq, false).values().stream()
                        .limit(atMost)
                        .toList();
    }

    /** Of jobs that are not kept out only. */
    Map<String, JobStatus> statuses() {
        Map<String, JobStatus> all = new LinkedHashMap<>();
        jobs.forEach((id, row) -> row.job.ifPresent(_ -> all.put(id, row.status)));
        return all;
    }

    /** Whether a node's part in a job has ended. */
    boolean hasEnded(String jobId, String node) {
        Row row = jobs.get(jobId);
        return row == null || row.nodes.getOrDefault(node, NodeStatus.CRASHED).isTerminal();
    }
}
