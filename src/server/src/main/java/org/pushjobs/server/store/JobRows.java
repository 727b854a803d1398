package org.pushjobs.server.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pushjobs.protocol.message.Output;
import org.pushjobs.server.jobs.model.EventRow;
import org.pushjobs.server.jobs.model.JobAbort;
import org.pushjobs.server.jobs.model.JobChanges;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.NewJob;

/**
 * What is to be written. Of several changes to one job or node the last counts, because a statement must not update a row
 * twice.
 */
record JobRows(List<CreatedJob> created, List<ChangedJob> changed, List<OutputRow> outputs) {

    record CreatedJob(NewJob job, List<JobEventRow> events) {
        private CreatedJob(NewJob job) {
            this(job, new ArrayList<>());
        }
    }

    /** @param events without those that come with the job's creation */
    record ChangedJob(JobRow row, List<NodeStatusRow> nodes, List<JobEventRow> events) {}

    record JobRow(String jobId, long revision, Optional<NewStatus> status, Optional<JobAbort> abort) {}

    record NewStatus(JobStatus status, Instant at) {}

    record NodeStatusRow(String jobId, String orgGuid, String node, JobChanges.NodeChange change, Instant at) {
        private NodeStatusRow after(NodeStatusRow earlier) {
            return new NodeStatusRow(jobId, orgGuid, node, change.after(earlier.change), at);
        }
    }

    record OutputRow(String jobId, String node, Output output) {}

    record JobEventRow(String jobId, EventRow event) {}

    private record NodeOfJob(String jobId, String node) {}

    static JobRows of(List<NewJob> newJobs, List<JobChanges> changes) {
        Map<String, CreatedJob> created = new LinkedHashMap<>();
        newJobs.forEach(job -> created.put(job.id(), new CreatedJob(job)));
        Map<String, Merged> changed = new LinkedHashMap<>();
        Map<NodeOfJob, OutputRow> outputs = new LinkedHashMap<>();
        for (JobChanges change : changes) {
            changed.computeIfAbsent(change.jobId(), id -> new Merged(id, Optional.ofNullable(created.get(id))))
                    .add(change);
            change.outputs()
                    .forEach((node, output) -> outputs.put(
                            new NodeOfJob(change.jobId(), node), new OutputRow(change.jobId(), node, output)));
        }
        return new JobRows(
                List.copyOf(created.values()),
                changed.values().stream()
                        .filter(Merged::isAnything)
                        .map(Merged::rows)
                        .toList(),
                List.copyOf(outputs.values()));
    }

    /** All changes to one job. */
    private static final class Merged {
        private final String jobId;
        private final Optional<CreatedJob> created;
        private final Map<String, NodeStatusRow> nodes = new LinkedHashMap<>();
        private final List<JobEventRow> events = new ArrayList<>();
        private long revision;
        private Optional<NewStatus> status = Optional.empty();
        private Optional<JobAbort> abort = Optional.empty();

        private Merged(String jobId, Optional<CreatedJob> created) {
            this.jobId = jobId;
            this.created = created;
        }

        private void add(JobChanges change) {
            revision = Math.max(revision, change.revision());
            status = change.status()
                    .filter(to -> created.isEmpty() || to != NewJob.STATUS)
                    .map(to -> new NewStatus(to, change.at()))
                    .or(() -> status);
            abort = abort.or(change::abort);
            change.nodes()
                    .forEach((node, to) -> nodes.merge(
                            node,
                            new NodeStatusRow(jobId, change.orgGuid(), node, to, change.at()),
                            (earlier, later) -> later.after(earlier)));
            List<JobEventRow> to = created.map(CreatedJob::events).orElse(events);
            change.events().forEach(event -> to.add(new JobEventRow(jobId, event)));
        }

        private boolean isAnything() {
            return status.isPresent() || abort.isPresent() || !nodes.isEmpty() || !events.isEmpty();
        }

        private ChangedJob rows() {
            return new ChangedJob(new JobRow(jobId, revision, status, abort), List.copyOf(nodes.values()), events);
        }
    }
}
