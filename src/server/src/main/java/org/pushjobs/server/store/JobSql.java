package org.pushjobs.server.store;

/**
 * The statements of {@link JobStore}; what writes is in {@link FencedSql}. A char(32) is cast to text where it is read, which
 * takes its padding off, and parameters are cast to char(32) where they are compared with one, so that the index is used.
 *
 * <p>Jobs have ended unless their status is voting (0), running (1) or new (5); nodes have unless theirs is new (0), ready
 * (1) or running (2).
 */
final class JobSql {
    private static final String SUMMARY_COLUMNS = """
            jobs.id::text as id, jobs.command, jobs.status, jobs.run_timeout, jobs.created_at, jobs.updated_at,
            coalesce(jobs.requestor, jobs.last_updated_by::text) as requestor,
            job_options.job_user::text as job_user, job_options.dir, job_options.env, job_options.capture""";

    private static final String JOB = "select " + SUMMARY_COLUMNS + """
            , job_options.job_file, jobs.org_id::text as org_id, jobs.quorum,
            jobs.abort_requested_by, jobs.abort_requested_at, coalesce(jobs.revision, 0) as revision,
            array(select node_name from job_nodes where job_id = jobs.id order by node_name) as node_names,
            array(select job_nodes.status from job_nodes where job_id = jobs.id order by node_name) as node_statuses,
            coalesce((select max(seq) from job_events where job_id = jobs.id), 0) as last_event_seq
            from jobs left join job_options on job_options.job_id = jobs.id
            """;

    static final String FIND = JOB + "where jobs.org_id = $1 and jobs.id = $2";

    static final String LIVE = JOB + "where jobs.status in (0, 1, 5) order by jobs.created_at, jobs.id";

    static final String SUMMARIES = "select " + SUMMARY_COLUMNS + """
            , job_options.job_file is not null as file_specified
            from jobs left join job_options on job_options.job_id = jobs.id
            """;

    /**
     * Where nothing was noted about the output, it was kept when it is there. Where none was kept, there may be what came
     * while the command ran.
     */
    private static final String NODE_COLUMNS = """
            select job_nodes.node_name, status, reason, reason_code, voted_at, started_at, finished_at, exit_code, signal,
            coalesce(output_state, case when job_output.job_id is null then 0 else 1 end) as output_state,
            coalesce(stdout_size, octet_length(stdout_bytes), octet_length(stdout), parts.stdout_part) as stdout_size,
            coalesce(stderr_size, octet_length(stderr_bytes), octet_length(stderr), parts.stderr_part) as stderr_size,
            coalesce(stdout_dropped, 0) as stdout_dropped, coalesce(stderr_dropped, 0) as stderr_dropped,
            coalesce(octet_length(output_tail), 0) as tail_size
            from job_nodes left join job_output
                on job_output.job_id = job_nodes.job_id and job_output.node_name = job_nodes.node_name
            left join lateral (
                select coalesce(sum(octet_length(data)) filter (where channel = 1), 0)::int as stdout_part,
                    coalesce(sum(octet_length(data)) filter (where channel = 2), 0)::int as stderr_part
                from job_output_parts as part
                where coalesce(output_state, 0) = 0 and part.job_id = job_nodes.job_id
                    and part.node_name = job_nodes.node_name
                having count(*) > 0
            ) as parts on true
            where job_nodes.job_id = $2 and job_nodes.org_id = $1""";

    static final String NODES = NODE_COLUMNS + " order by job_nodes.node_name";

    static final String NODE = NODE_COLUMNS + " and job_nodes.node_name = $3";

    /** In the order of the names, as many as are not too long together. */
    static final String TAILS = """
            select node_name, output_tail, output_tail_offset from (
                select node_name, output_tail, output_tail_offset,
                    sum(octet_length(output_tail)) over (order by node_name) as size_so_far
                from job_nodes where job_id = $2 and org_id = $1 and output_tail is not null
            ) as tails
            where size_so_far <= $3""";

    static final String EARLIER_START = """
            select id::text as id, encode(request_digest, 'hex') as request_digest from jobs
            where org_id = $1 and requestor = $2 and idempotency_key = $3""";

    static final String STDOUT = output("stdout");

    static final String STDERR = output("stderr");

    static final String EVENTS =
            "select seq, name, at, data from job_events where job_id = $1 and seq > $2 order by seq";

    static final String NEWEST_EVENTS = """
            select jobs.id::text as id, max(job_events.at) as at
            from jobs join job_events on job_events.job_id = jobs.id
            where jobs.status in (0, 1, 5) group by jobs.id""";

    private JobSql() {}

    /** Rows of the original server, and those whose output has no U+0000, have it as text. */
    private static String output(String channel) {
        return "select coalesce(" + channel + "_bytes, convert_to(" + channel + """
                , 'UTF8')) from job_output join jobs on jobs.id = job_output.job_id
                where jobs.org_id = $1 and jobs.id = $2 and job_output.node_name = $3""";
    }
}
