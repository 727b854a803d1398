package org.pushjobs.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.pushjobs.server.jobs.model.EventRow;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.NodeStatus;
import org.pushjobs.server.jobs.model.OutputKey;
import org.pushjobs.server.testing.Await;

/** What terms were told that it is stored, to be compared with the database in the end. Usable from any thread. */
final class TermHistory {
    private final Map<String, String> events = new ConcurrentHashMap<>();
    private final Map<String, JobStatus> ended = new ConcurrentHashMap<>();
    private final Map<String, NodeStatus> nodes = new ConcurrentHashMap<>();
    private final Map<OutputKey, Long> outputs = new ConcurrentHashMap<>();
    private final Set<String> notStarted = ConcurrentHashMap.newKeySet();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();

    void stored(LiveJob.Unsaved saved) {
        String job = saved.job().id();
        for (EventRow event : saved.changes().events()) {
            String before = events.put(
                    job + " " + event.seq(), text(event.name(), event.data().encode()));
            if (before != null) {
                faults.add("an event was stored twice: " + job + " " + event.seq());
            }
        }
        saved.changes().status().filter(JobStatus::isTerminal).ifPresent(status -> ended.put(job, status));
        saved.changes().nodes().forEach((node, change) -> {
            if (change.status().isTerminal()) {
                nodes.put(job + " " + node, change.status());
            }
        });
    }

    void notStarted(String jobId) {
        notStarted.add(jobId);
    }

    void output(OutputKey key, long end) {
        outputs.merge(key, end, Math::max);
    }

    /** Up to where an agent has to send nothing again. */
    long outputEnd(OutputKey key) {
        return outputs.getOrDefault(key, 0L);
    }

    void fault(String what) {
        faults.add(what);
    }

    int jobsEnded() {
        return ended.size();
    }

    int eventsStored() {
        return events.size();
    }

    /** Everything that was told to be stored is there, once, and there is nothing that makes no sense. */
    void compareWith(Pool database) {
        assertThat(faults).isEmpty();
        Map<String, String> found = new HashMap<>();
        rows(database, "select job_id::text as job, seq, name, data::text as data from job_events")
                .forEach(row -> found.put(
                        row.getString("job") + " " + row.getInteger("seq"),
                        text(row.getString("name"), row.getString("data"))));
        assertThat(found).containsAllEntriesOf(events);
        assertThat(lines(
                        database,
                        "select job_id from job_events group by job_id having min(seq) > 1 or max(seq) > count(*)"))
                .as("jobs whose events have a gap")
                .isEmpty();
        assertThat(lines(database, """
                select job_id::text, name, data ->> 'node', array_agg(seq) from job_events
                where name in ('quorum_vote', 'run_start', 'run_complete')
                group by job_id, name, data ->> 'node' having count(*) > 1"""))
                .as("jobs in which the same happened twice to a node")
                .isEmpty();
        assertThat(lines(database, """
                select job_id from job_events full join org_events using (job_id, seq)
                where (name in ('start', 'job_complete')) is distinct from (org_id is not null)"""))
                .as("jobs whose begin or end the organisation's feed does not have")
                .isEmpty();
        assertThat(lines(database, """
                select id from jobs where org_id <> '' and (select count(*) from job_events
                    where job_id = id and name = 'job_complete') <> case when status in (0, 1, 5) then 0 else 1 end""")).as("jobs that did not end once").isEmpty();
        compareJobs(database);
        compareOutputs(database);
    }

    private void compareJobs(Pool database) {
        Map<String, JobStatus> jobs = rows(database, "select id::text as id, status from jobs").stream()
                .collect(Collectors.toMap(
                        row -> row.getString("id"), row -> JobStatus.ofCode(row.getInteger("status"))));
        assertThat(jobs).containsAllEntriesOf(ended);
        notStarted.forEach(id -> assertThat(jobs.getOrDefault(id, JobStatus.CRASHED))
                .as("a job that was said not to be started")
                .isEqualTo(JobStatus.CRASHED));
        Map<String, NodeStatus> found =
                rows(database, "select job_id::text as job, node_name, status from job_nodes").stream()
                        .collect(Collectors.toMap(
                                row -> row.getString("job") + " " + row.getString("node_name"),
                                row -> NodeStatus.ofCode(row.getInteger("status"))));
        assertThat(found).containsAllEntriesOf(nodes);
        assertThat(lines(database, """
                select job_nodes.job_id from job_nodes left join job_output using (job_id, node_name)
                where status = 3 and (output_state <> 1 or stdout is distinct from 'of ' || node_name)"""))
                .as("jobs in which the output of a result is missing")
                .isEmpty();
    }

    private void compareOutputs(Pool database) {
        Map<OutputKey, Long> ends = new HashMap<>();
        rows(database, "select job_id::text as job, node_name, position, data from job_output_parts order by 1, 2, 3")
                .forEach(row -> {
                    OutputKey key = WritingTerm.key(row.getString("job"), row.getString("node_name"));
                    long end = ends.getOrDefault(key, 0L);
                    byte[] data = row.getBuffer("data").getBytes();
                    assertThat(row.getLong("position")).as("no gap").isEqualTo(end);
                    assertThat(data).isEqualTo(WritingTerm.output(end, data.length));
                    ends.put(key, end + data.length);
                });
        outputs.forEach((key, end) -> assertThat(ends.get(key)).isGreaterThanOrEqualTo(end));
    }

    private static List<String> lines(Pool database, String sql) {
        return rows(database, sql).stream().map(Row::deepToString).toList();
    }

    private static List<Row> rows(Pool database, String sql) {
        return StreamSupport.stream(
                        Await.result(database.preparedQuery(sql).execute(Tuple.tuple()))
                                .spliterator(),
                        false)
                .toList();
    }

    private static String text(String name, String data) {
        return name + " " + data;
    }
}
