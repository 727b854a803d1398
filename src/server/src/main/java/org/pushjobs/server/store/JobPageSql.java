package org.pushjobs.server.store;

import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import org.pushjobs.server.jobs.model.JobQuery;

/**
 * The statement for a page of jobs. Each combination of conditions has its own text, so that each gets a plan that suits
 * it; there are 66 of them.
 */
record JobPageSql(String text, Tuple parameters) {
    static JobPageSql of(String orgGuid, JobQuery query) {
        Builder builder = new Builder();
        builder.add("jobs.org_id = ?", orgGuid);
        query.before()
                .ifPresent(position -> builder.add(
                        "(jobs.created_at, jobs.id) < (?, ?)", Times.local(position.createdAt()), position.jobId()));
        query.status().ifPresent(status -> builder.add("jobs.status = ?", status.code()));
        query.node()
                .ifPresent(node -> builder.add(
                        "jobs.id in (select job_id from job_nodes where job_nodes.org_id = ? and node_name = ?)",
                        orgGuid,
                        node));
        query.command()
                .ifPresent(command ->
                        builder.add("left(jobs.command, 100) = left(?, 100) and jobs.command = ?", command, command));
        query.since().ifPresent(since -> builder.add("jobs.created_at >= ?", Times.local(since)));
        query.requestor()
                .ifPresent(name -> builder.add("coalesce(jobs.requestor, jobs.last_updated_by::text) = ?", name));
        return builder.build(" order by jobs.created_at desc, jobs.id desc", query.limit());
    }

    /** @param after only what comes after this position */
    static JobPageSql oldestFirst(String orgGuid, Optional<JobQuery.Position> after, int limit) {
        Builder builder = new Builder();
        builder.add("jobs.org_id = ?", orgGuid);
        after.ifPresent(position -> builder.add(
                "(jobs.created_at, jobs.id) > (?, ?)", Times.local(position.createdAt()), position.jobId()));
        return builder.build(" order by jobs.created_at, jobs.id", limit);
    }

    private static final class Builder {
        private final StringBuilder text = new StringBuilder(JobSql.SUMMARIES);
        private final Tuple parameters = Tuple.tuple();

        private void add(String condition, Object... values) {
            text.append(parameters.size() == 0 ? "where " : " and ");
            int next = 0;
            for (char character : condition.toCharArray()) {
                if (character == '?') {
                    parameters.addValue(values[next++]);
                    text.append('$').append(parameters.size());
                } else {
                    text.append(character);
                }
            }
        }

        private JobPageSql build(String order, int limit) {
            parameters.addValue(limit);
            text.append(order).append(" limit $").append(parameters.size());
            return new JobPageSql(text.toString(), parameters);
        }
    }
}
