package org.pushjobs.server.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.protocol.message.Output;

/**
 * What is to be written, table by table. Of several changes to one job or node the last counts, because a statement must
 * not update a row twice.
 */
record JobRows(
        List<NewJob> jobs,
        List<NewJob> jobsWithOptions,
        List<NodeRow> nodes,
        List<StatusRow> statuses,
        List<AbortRow> aborts,
        List<NodeStatusRow> nodeStatuses,
        List<OutputRow> outputs,
        List<JobEventRow> events) {

    record NodeRow(NewJob job, String node) {}

    record StatusRow(String jobId, JobStatus status, Instant at) {}

    record AbortRow(String jobId, JobAbort abort) {}

    record NodeStatusRow(String jobId, String orgGuid, String node, JobChanges.NodeChange change, Instant at) {
        private NodeStatusRow after(NodeStatusRow earlier) {
            return new NodeStatusRow(jobId, orgGuid, node, change.after(earlier.change), at);
        }
    }

    record OutputRow(String jobId, String node, Output output) {}

    record JobEventRow(String jobId, EventRow event) {}

    private record NodeOfJob(String jobId, String node) {}

    static JobRows of(List<NewJob> created, List<JobChanges> changes) {
        List<NodeRow> nodes = new ArrayList<>();
        for (NewJob job : created) {
            job.nodes().forEach(node -> nodes.add(new NodeRow(job, node)));
        }
        Set<String> createdIds = created.stream().map(NewJob::id).collect(Collectors.toSet());
        Map<String, StatusRow> statuses = new LinkedHashMap<>();
        Map<String, AbortRow> aborts = new LinkedHashMap<>();
        Map<NodeOfJob, NodeStatusRow> nodeStatuses = new LinkedHashMap<>();
        Map<NodeOfJob, OutputRow> outputs = new LinkedHashMap<>();
        List<JobEventRow> events = new ArrayList<>();
        for (JobChanges change : changes) {
            String job = change.jobId();
            change.status()
                    .filter(status -> status != NewJob.STATUS || !createdIds.contains(job))
                    .ifPresent(status -> statuses.put(job, new StatusRow(job, status, change.at())));
            change.abort().ifPresent(abort -> aborts.putIfAbsent(job, new AbortRow(job, abort)));
            change.nodes()
                    .forEach((node, to) -> nodeStatuses.merge(
                            new NodeOfJob(job, node),
                            new NodeStatusRow(job, change.orgGuid(), node, to, change.at()),
                            (earlier, later) -> later.after(earlier)));
            change.outputs()
                    .forEach((node, output) -> outputs.put(new NodeOfJob(job, node), new OutputRow(job, node, output)));
            change.events().forEach(event -> events.add(new JobEventRow(job, event)));
        }
        return new JobRows(
                created,
                created.stream().filter(job -> hasOptions(job.spec())).toList(),
                nodes,
                List.copyOf(statuses.values()),
                List.copyOf(aborts.values()),
                List.copyOf(nodeStatuses.values()),
                List.copyOf(outputs.values()),
                events);
    }

    boolean isEmpty() {
        return jobs.isEmpty()
                && statuses.isEmpty()
                && aborts.isEmpty()
                && nodeStatuses.isEmpty()
                && outputs.isEmpty()
                && events.isEmpty();
    }

    private static boolean hasOptions(JobSpec spec) {
        return spec.capture()
                || spec.user().isPresent()
                || spec.dir().isPresent()
                || spec.env().isPresent()
                || spec.file().isPresent();
    }
}
