package org.pushjobs.server.store;

import org.pushjobs.server.jobs.model.StoredJob;

/**
 * The statements of {@link JobStore}. A char(32) is cast to text where it is read, which takes its padding off, and
 * parameters are cast to char(32) where they are compared with one, so that the index is used.
 *
 * <p>Jobs have ended unless their status is voting (0), running (1) or new (5); nodes have unless theirs is new (0), ready
 * (1) or running (2).
 */
final class JobSql {
    /**
     * New jobs with their options, nodes and events, in one statement, and nothing of other jobs. Of a job that is there
     * already, because this was carried out before or the job was discarded, nothing is stored.
     *
     * <p>"is true" makes the planner look a job up in a hash table of those that were created; otherwise it would compare
     * each row with each of them.
     */
    static final String CREATE = """
            with created as (
                insert into jobs (id, org_id, command, status, run_timeout, last_updated_by, created_at, updated_at, quorum,
                    requestor, idempotency_key, request_digest)
                select id, org_id, command, status, run_timeout, updated_by, at, at, quorum, requestor, key,
                    decode(digest, 'hex')
                from unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::int[], $6::text[], $7::timestamp[],
                    $8::int[], $9::text[], $10::text[], $11::text[])
                    as new (id, org_id, command, status, run_timeout, updated_by, at, quorum, requestor, key, digest)
                on conflict (id) do nothing
                returning id, org_id
            ), options as (
                insert into job_options (job_id, job_user, dir, env, capture, job_file)
                select * from unnest($12::text[], $13::text[], $14::text[], $15::text[], $16::boolean[], $17::text[])
                    as new (job_id, job_user, dir, env, capture, job_file)
                where (job_id::char(32) in (select id from created)) is true
            ), nodes as (
                insert into job_nodes (job_id, org_id, node_name, status, created_at, updated_at)
                select job_id, org_id, node_name, 0, at, at
                from unnest($18::text[], $19::text[], $20::text[], $21::timestamp[])
                    as new (job_id, org_id, node_name, at)
                where (job_id::char(32) in (select id from created)) is true
            ), stored as (
                insert into job_events (job_id, seq, name, at, data)
                select job_id, seq, name, at, data::json
                from unnest($22::text[], $23::int[], $24::text[], $25::timestamptz[], $26::text[])
                    as new (job_id, seq, name, at, data)
                where (job_id::char(32) in (select id from created)) is true
                returning job_id, seq, name, at
            )""" + insertOrgEvents("created");

    /**
     * What changed in jobs, in one statement: each job, each node and each output at most once, because a statement must not
     * change a row twice. What has ended stays as it is.
     *
     * <p>Everything but outputs hangs on the jobs whose revision this statement raises: it does so under a lock of the job,
     * so of two statements that come at the same time, or in the wrong order, the one of the lower revision changes nothing.
     * A job whose changes need several statements of a transaction is continued by those after the first.
     *
     * <p>The sum keeps the planner from the index of live jobs: it is small in rows but has an entry of every job that ended
     * since the last vacuum. For "is true" see {@link #CREATE}.
     */
    static final String CHANGE = """
            with changed as (
                update jobs set
                    revision = new.revision,
                    status = case when jobs.status + 0 in (0, 1, 5) then coalesce(new.status, jobs.status)
                        else jobs.status end,
                    updated_at = case when jobs.status + 0 in (0, 1, 5) then coalesce(new.at, jobs.updated_at)
                        else jobs.updated_at end,
                    abort_requested_by = coalesce(jobs.abort_requested_by, new.abort_by),
                    abort_requested_at = coalesce(jobs.abort_requested_at, new.abort_at)
                from unnest($1::text[], $2::bigint[], $3::boolean[], $4::int[], $5::timestamp[], $6::text[],
                    $7::timestamptz[])
                    as new (job_id, revision, continued, status, at, abort_by, abort_at)
                where jobs.id = new.job_id::char(32)
                    and (coalesce(jobs.revision, 0) < new.revision or new.continued and jobs.revision = new.revision)
                returning jobs.id
            ), nodes as (
                update job_nodes set status = new.status, reason = new.reason, updated_at = new.at,
                    voted_at = coalesce(job_nodes.voted_at, new.voted_at),
                    started_at = coalesce(job_nodes.started_at, new.started_at), finished_at = new.finished_at,
                    output_state = new.output_state, stdout_size = new.stdout_size, stderr_size = new.stderr_size,
                    stdout_dropped = new.stdout_dropped, stderr_dropped = new.stderr_dropped,
                    reason_code = new.reason_code, exit_code = new.exit_code, signal = new.signal
                from unnest($8::text[], $9::text[], $10::text[], $11::int[], $12::text[], $13::timestamp[],
                    $14::timestamptz[], $15::timestamptz[], $16::timestamptz[], $17::int[], $18::int[], $19::int[],
                    $20::bigint[], $21::bigint[], $22::text[], $23::int[], $24::text[])
                    as new (job_id, org_id, node_name, status, reason, at, voted_at, started_at, finished_at,
                        output_state, stdout_size, stderr_size, stdout_dropped, stderr_dropped, reason_code, exit_code,
                        signal)
                where job_nodes.job_id = new.job_id::char(32) and job_nodes.org_id = new.org_id::char(32)
                    and job_nodes.node_name = new.node_name and job_nodes.status in (0, 1, 2)
                    and (new.job_id::char(32) in (select id from changed)) is true
            ), outputs as (
                insert into job_output (job_id, node_name, stdout, stdout_bytes, stderr, stderr_bytes)
                select jobs.id, new.node_name, new.stdout, new.stdout_bytes, new.stderr, new.stderr_bytes
                from unnest($25::text[], $26::text[], $27::text[], $28::bytea[], $29::text[], $30::bytea[])
                    as new (job_id, node_name, stdout, stdout_bytes, stderr, stderr_bytes)
                join jobs on jobs.id = new.job_id::char(32) and jobs.status + 0 in (0, 1, 5)
                on conflict do nothing
            ), stored as (
                insert into job_events (job_id, seq, name, at, data)
                select new.job_id, new.seq, new.name, new.at, new.data::json
                from unnest($31::text[], $32::int[], $33::text[], $34::timestamptz[], $35::text[])
                    as new (job_id, seq, name, at, data)
                where (new.job_id::char(32) in (select id from changed)) is true
                on conflict do nothing
                returning job_id, seq, name, at
            )""" + insertOrgEvents("jobs");

    private static final String SUMMARY_COLUMNS = """
            jobs.id::text as id, jobs.command, jobs.status, jobs.run_timeout, jobs.created_at, jobs.updated_at,
            job_options.job_user::text as job_user, job_options.dir, job_options.env, job_options.capture""";

    private static final String JOB = "select " + SUMMARY_COLUMNS + """
            , job_options.job_file, jobs.org_id::text as org_id, jobs.quorum,
            coalesce(jobs.requestor, jobs.last_updated_by::text) as requestor,
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
            coalesce(stdout_dropped, 0) as stdout_dropped, coalesce(stderr_dropped, 0) as stderr_dropped
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

    static final String EARLIER_START = """
            select id::text as id, encode(request_digest, 'hex') as request_digest from jobs
            where org_id = $1 and requestor = $2 and idempotency_key = $3""";

    /**
     * Jobs that nobody was told about have ended, and their keys are free. One that is not there is put there as an ended one
     * of no organisation, so that a creation which comes later, or comes now, finds it and stores nothing; nor do changes,
     * its revision being the highest.
     */
    static final String DISCARD = """
            insert into jobs (id, org_id, command, status, last_updated_by, created_at, updated_at, revision)
            select id, '', '', 7, '', $2::timestamp, $2::timestamp, 9223372036854775807 from unnest($1::text[]) as new (id)
            on conflict (id) do update set status = 7, updated_at = excluded.updated_at, idempotency_key = null,
                revision = excluded.revision
            where jobs.status + 0 in (0, 1, 5)""";

    /**
     * After {@link #DISCARD}, in the same transaction: what the creation of those jobs has stored of their feeds gets an end.
     * A statement of its own, because it must see what came while the first one waited for it.
     */
    static final String END_DISCARDED = """
            with stored as (
                insert into job_events (job_id, seq, name, at, data)
                select jobs.id, last.seq + 1, 'job_complete', greatest($2::timestamptz, last.at + interval '1 microsecond'),
                    '{"status":"crashed"}'
                from unnest($1::text[]) as new (id)
                join jobs on jobs.id = new.id::char(32) and jobs.status + 0 = 7
                cross join lateral (
                    select seq, at, name from job_events where job_id = jobs.id order by seq desc limit 1
                ) as last
                where last.name <> 'job_complete'
                returning job_id, seq, name, at
            )""" + insertOrgEvents("jobs");

    /** What {@link #DISCARD} has put there has no use any more when nothing can be under way that is so old. */
    static final String FORGET_DISCARDED =
            "delete from jobs where org_id = '' and created_at < $1::timestamp - interval '1 day'";

    /** The rest goes with them. Rows that another server deletes just now are left to it. */
    static final String DELETE_ENDED = """
            delete from jobs where id in (
                select id from jobs where status in (2, 3, 4, 6, 7) and updated_at < $1
                order by updated_at limit $2 for update skip locked
            )""";

    static final String STDOUT = output("stdout");

    static final String STDERR = output("stderr");

    static final String EVENTS =
            "select seq, name, at, data from job_events where job_id = $1 and seq > $2 order by seq";

    static final String CRASH_LIVE = """
            with crashed as (
                update jobs set status = 7, updated_at = $1, revision = coalesce(revision, 0) + %d
                where status in (0, 1, 5) returning id
            ), nodes as (
                update job_nodes set status = 10, updated_at = $1, finished_at = $2
                from crashed where job_nodes.job_id = crashed.id and job_nodes.status = 2
            ), stored as (
                insert into job_events (job_id, seq, name, at, data)
                select crashed.id, coalesce(last.seq, 0) + 1, 'job_complete',
                    greatest($2, last.at + interval '1 microsecond'), '{"status":"crashed"}'
                from crashed left join lateral (
                    select seq, at from job_events where job_id = crashed.id order by seq desc limit 1
                ) as last on true
                returning job_id, seq, name, at
            )""".formatted(StoredJob.REVISIONS_OF_A_LIFE) + insertOrgEvents("jobs");

    static final String NEWEST_EVENTS = """
            select jobs.id::text as id, max(job_events.at) as at
            from jobs join job_events on job_events.job_id = jobs.id
            where jobs.status in (0, 1, 5) group by jobs.id""";

    private JobSql() {}

    /**
     * Puts what was just stored into the feed of its organisation, if it belongs there: each event strictly after all that
     * the feed has, and after those that come before it in this statement. To be appended to a common table expression
     * {@code stored}.
     *
     * @param jobs where the organisations of its jobs are found
     */
    private static String insertOrgEvents(String jobs) {
        return """
            , marked as (
                select jobs.org_id, stored.job_id, stored.seq, stored.at, interval '1 microsecond'
                    * row_number() over (partition by jobs.org_id order by stored.at, stored.job_id, stored.seq) as step
                from stored join %s as jobs on jobs.id = stored.job_id
                where stored.name in ('start', 'job_complete')
            )
            insert into org_events (org_id, at, job_id, seq)
            select org_id, step + greatest(
                    max(at - step) over (partition by org_id order by step),
                    (select max(at) from org_events where org_events.org_id = marked.org_id)), job_id, seq
            from marked
            on conflict do nothing""".formatted(jobs);
    }

    /** Rows of the original server, and those whose output has no U+0000, have it as text. */
    private static String output(String channel) {
        return "select coalesce(" + channel + "_bytes, convert_to(" + channel + """
                , 'UTF8')) from job_output join jobs on jobs.id = job_output.job_id
                where jobs.org_id = $1 and jobs.id = $2 and job_output.node_name = $3""";
    }
}
