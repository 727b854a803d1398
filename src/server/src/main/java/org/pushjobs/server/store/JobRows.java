package org.pushjobs.server.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pushjobs.protocol.message.Output;

/**
 * What is to be written. Of several changes to one job or node the last counts, because a statement must not update a row
 * twice.
 *
 * @param events of other jobs than those that are created
 */
record JobRows(
        List<CreatedJob> created,
        List<JobRow> jobs,
        List<NodeStatusRow> nodeStatuses,
        List<OutputRow> outputs,
        List<JobEventRow> events) {

    record CreatedJob(NewJob job, List<JobEventRow> events) {
        private CreatedJob(NewJob job) {
            this(job, new ArrayList<>());
        }
    }

    record JobRow(String jobId, Optional<NewStatus> status, Optional<JobAbort> abort) {
        private JobRow after(JobRow earlier) {
            return new JobRow(jobId, status.or(earlier::status), earlier.abort.or(this::abort));
        }
    }

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
        Map<String, JobRow> jobs = new LinkedHashMap<>();
        Map<NodeOfJob, NodeStatusRow> nodeStatuses = new LinkedHashMap<>();
        Map<NodeOfJob, OutputRow> outputs = new LinkedHashMap<>();
        List<JobEventRow> events = new ArrayList<>();
        for (JobChanges change : changes) {
            String job = change.jobId();
            Optional<CreatedJob> isNew = Optional.ofNullable(created.get(job));
            Optional<NewStatus> status = change.status()
                    .filter(to -> isNew.isEmpty() || to != NewJob.STATUS)
                    .map(to -> new NewStatus(to, change.at()));
            if (status.isPresent() || change.abort().isPresent()) {
                jobs.merge(job, new JobRow(job, status, change.abort()), (earlier, later) -> later.after(earlier));
            }
            change.nodes()
                    .forEach((node, to) -> nodeStatuses.merge(
                            new NodeOfJob(job, node),
                            new NodeStatusRow(job, change.orgGuid(), node, to, change.at()),
                            (earlier, later) -> later.after(earlier)));
            change.outputs()
                    .forEach((node, output) -> outputs.put(new NodeOfJob(job, node), new OutputRow(job, node, output)));
            List<JobEventRow> to = isNew.map(CreatedJob::events).orElse(events);
            change.events().forEach(event -> to.add(new JobEventRow(job, event)));
        }
        return new JobRows(
                List.copyOf(created.values()),
                List.copyOf(jobs.values()),
                List.copyOf(nodeStatuses.values()),
                List.copyOf(outputs.values()),
                events);
    }
}
