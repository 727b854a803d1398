package org.pushjobs.server.store;

import java.util.List;
import org.pushjobs.server.jobs.model.StoredJob;

/**
 * The statements of {@link FencedWrites}: all that write jobs and what belongs to them. What {@link JobSql} says about
 * char(32) and about what has ended holds here, too. It is long for it has all of them side by side, which is what makes it
 * easy to see that none is without the fence.
 *
 * <p>Each begins with {@code term}, which has a row while the epoch is the writer's and keeps it so until the transaction ends:
 * a take-over waits for the lock, and a statement that waited for a take-over looks at the row again. It is asked for once,
 * before anything is written, because what is written asks whether it is there and no row of a table changes the answer. Each
 * gives one row:
 *
 * <ul>
 *   <li>{@code current}: whether the epoch was the writer's; if not, nothing was written
 *   <li>{@code done}: how many rows of the first table it is about were written
 *   <li>{@code lost}: which events were not stored because others had their place, as table, job and number
 * </ul>
 */
final class FencedSql {
    /** What is written here and nowhere else. */
    static final List<String> TABLES =
            List.of("jobs", "job_nodes", "job_options", "job_output", "job_output_parts", "job_events", "org_events");

    /** Whose turn it is, for those who belong to no term. */
    static final String EPOCH = "select epoch from coordinator_epoch where single";

    /**
     * New jobs with their options, nodes and events, in one statement, and nothing of other jobs. Of a job that is there
     * already, because this was carried out before or the job was discarded, nothing is stored.
     *
     * <p>"is true" makes the planner look a job up in a hash table of those that were created; otherwise it would compare
     * each row with each of them.
     */
    static final String CREATE = term(27) + """
            , created as (
                insert into jobs (id, org_id, command, status, run_timeout, last_updated_by, created_at, updated_at, quorum,
                    requestor, idempotency_key, request_digest)
                select id, org_id, command, status, run_timeout, updated_by, at, at, quorum, requestor, key,
                    decode(digest, 'hex')
                from unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::int[], $6::text[], $7::timestamp[],
                    $8::int[], $9::text[], $10::text[], $11::text[])
                    as new (id, org_id, command, status, run_timeout, updated_by, at, quorum, requestor, key, digest)
                where exists (select from term)
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
            )""" + feed("created") + outcome("created", lostOfFeed());

    /**
     * What changed in jobs, in one statement: each job, each node and each output at most once, because a statement must not
     * change a row twice. What has ended stays as it is.
     *
     * <p>Everything but outputs hangs on the jobs whose revision this statement raises: it does so under a lock of the job,
     * so of two statements that come at the same time, or in the wrong order, the one of the lower revision changes nothing.
     * A job whose changes need several statements of a transaction is continued by those after the first, where this very
     * transaction has raised its revision. So when the number of an event is taken, that is never because the same was stored
     * before.
     *
     * <p>The sum keeps the planner from the index of live jobs: it is small in rows but has an entry of every job that ended
     * since the last vacuum. For "is true" see {@link #CREATE}.
     */
    static final String CHANGE =
            term(38) + """
            , changed as (
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
                where exists (select from term) and jobs.id = new.job_id::char(32)
                    and (coalesce(jobs.revision, 0) < new.revision or new.continued and jobs.revision = new.revision
                        and jobs.xmin::text = (txid_current() % 4294967296)::text)
                returning jobs.id
            ), nodes as (
                update job_nodes set status = new.status, reason = new.reason, updated_at = new.at,
                    voted_at = coalesce(job_nodes.voted_at, new.voted_at),
                    started_at = coalesce(job_nodes.started_at, new.started_at), finished_at = new.finished_at,
                    output_state = new.output_state, stdout_size = new.stdout_size, stderr_size = new.stderr_size,
                    stdout_dropped = new.stdout_dropped, stderr_dropped = new.stderr_dropped,
                    reason_code = new.reason_code, exit_code = new.exit_code, signal = new.signal,
                    output_tail = new.output_tail, output_tail_offset = new.output_tail_offset
                from unnest($8::text[], $9::text[], $10::text[], $11::int[], $12::text[], $13::timestamp[],
                    $14::timestamptz[], $15::timestamptz[], $16::timestamptz[], $17::int[], $18::int[], $19::int[],
                    $20::bigint[], $21::bigint[], $22::text[], $23::int[], $24::text[], $25::bytea[], $26::bigint[])
                    as new (job_id, org_id, node_name, status, reason, at, voted_at, started_at, finished_at,
                        output_state, stdout_size, stderr_size, stdout_dropped, stderr_dropped, reason_code, exit_code,
                        signal, output_tail, output_tail_offset)
                where job_nodes.job_id = new.job_id::char(32) and job_nodes.org_id = new.org_id::char(32)
                    and job_nodes.node_name = new.node_name and job_nodes.status in (0, 1, 2)
                    and (new.job_id::char(32) in (select id from changed)) is true
            ), outputs as (
                insert into job_output (job_id, node_name, stdout, stdout_bytes, stderr, stderr_bytes)
                select jobs.id, new.node_name, new.stdout, new.stdout_bytes, new.stderr, new.stderr_bytes
                from unnest($27::text[], $28::text[], $29::text[], $30::bytea[], $31::text[], $32::bytea[])
                    as new (job_id, node_name, stdout, stdout_bytes, stderr, stderr_bytes)
                join jobs on jobs.id = new.job_id::char(32) and jobs.status + 0 in (0, 1, 5)
                where exists (select from term)
                on conflict do nothing
            ), due as (
                select new.job_id, new.seq, new.name, new.at, new.data
                from unnest($33::text[], $34::int[], $35::text[], $36::timestamptz[], $37::text[])
                    as new (job_id, seq, name, at, data)
                where (new.job_id::char(32) in (select id from changed)) is true
            ), stored as (
                insert into job_events (job_id, seq, name, at, data)
                select job_id, seq, name, at, data::json from due
                on conflict do nothing
                returning job_id, seq, name, at
            )""" + feed("jobs") + outcome("changed", lostOfJobs() + " || " + lostOfFeed());

    /**
     * Jobs that nobody was told about have ended, and their keys are free. One that is not there is put there as an ended one
     * of no organisation, so that a creation which comes later, or comes now, finds it and stores nothing; nor do changes,
     * its revision being the highest.
     */
    static final String DISCARD = term(3) + """
            , discarded as (
                insert into jobs (id, org_id, command, status, last_updated_by, created_at, updated_at, revision)
                select id, '', '', 7, '', $2::timestamp, $2::timestamp, 9223372036854775807
                from unnest($1::text[]) as new (id)
                where exists (select from term)
                on conflict (id) do update set status = 7, updated_at = excluded.updated_at, idempotency_key = null,
                    revision = excluded.revision
                where jobs.status + 0 in (0, 1, 5)
                returning 1
            )""" + outcome("discarded");

    /**
     * After {@link #DISCARD}, in the same transaction: what the creation of those jobs has stored of their feeds gets an end.
     * A statement of its own, because it must see what came while the first one waited for it.
     */
    static final String END_DISCARDED = term(3) + """
            , stored as (
                insert into job_events (job_id, seq, name, at, data)
                select jobs.id, last.seq + 1, 'job_complete', greatest($2::timestamptz, last.at + interval '1 microsecond'),
                    '{"status":"crashed"}'
                from unnest($1::text[]) as new (id)
                join jobs on jobs.id = new.id::char(32) and jobs.status + 0 = 7
                cross join lateral (
                    select seq, at, name from job_events where job_id = jobs.id order by seq desc limit 1
                ) as last
                where last.name <> 'job_complete' and exists (select from term)
                returning job_id, seq, name, at
            )""" + feed("jobs") + outcome("stored", lostOfFeed());

    /** What {@link #DISCARD} has put there has no use any more when nothing can be under way that is so old. */
    static final String FORGET_DISCARDED = term(2) + """
            , forgotten as (
                delete from jobs where org_id = '' and created_at < $1::timestamp - interval '1 day'
                    and exists (select from term)
                returning 1
            )""" + outcome("forgotten");

    /** Some jobs at a time, with those of their nodes that run. */
    static final String CRASH_LIVE =
            term(4) + """
            , crashed as (
                update jobs set status = 7, updated_at = $1, revision = coalesce(revision, 0) + %d
                where id in (select id from jobs where status in (0, 1, 5) limit $3) and exists (select from term)
                returning id
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
            )""".formatted(StoredJob.REVISIONS_OF_A_LIFE) + feed("jobs") + outcome("crashed", lostOfFeed());

    /** Parts of output that came while commands ran. */
    static final String APPEND = term(6) + """
            , appended as (
                insert into job_output_parts (job_id, node_name, channel, position, data)
                select jobs.id, new.node_name, new.channel, new.position, new.data
                from unnest($1::text[], $2::text[], $3::int[], $4::bigint[], $5::bytea[])
                    as new (job_id, node_name, channel, position, data)
                join jobs on jobs.id = new.job_id::char(32)
                where exists (select from term)
                on conflict do nothing
                returning 1
            )""" + outcome("appended");

    /** Some of the output of the jobs that {@link #DELETE_ENDED} would delete: it may be too much for one statement. */
    static final String DELETE_ENDED_OUTPUT = term(4) + """
            , deleted as (
                delete from job_output_parts using (
                    select part.job_id, part.node_name, part.channel, part.position
                    from (
                        select id from jobs where status in (2, 3, 4, 6, 7) and updated_at < $1
                        order by updated_at limit $2
                    ) as ended
                    join job_output_parts as part on part.job_id = ended.id
                    limit $3
                ) as portion
                where job_output_parts.job_id = portion.job_id and job_output_parts.node_name = portion.node_name
                    and job_output_parts.channel = portion.channel and job_output_parts.position = portion.position
                    and exists (select from term)
                returning 1
            )""" + outcome("deleted");

    /** The rest goes with them. Rows that another server deletes just now are left to it. */
    static final String DELETE_ENDED = term(3) + """
            , deleted as (
                delete from jobs where id in (
                    select id from jobs where status in (2, 3, 4, 6, 7) and updated_at < $1
                    order by updated_at limit $2 for update skip locked
                ) and exists (select from term)
                returning 1
            )""" + outcome("deleted");

    /** The same of an organisation, whoever has the term. */
    static final String DELETE_ENDED_OF_ORGANISATION = """
            with term as (select epoch from coordinator_epoch where single for share)
            , deleted as (
                delete from jobs where id in (
                    select id from jobs where org_id = $1::text::bpchar and status in (2, 3, 4, 6, 7)
                    limit $2 for update skip locked
                ) and exists (select from term)
                returning 1
            )""" + outcome("deleted");

    private FencedSql() {}

    /** @param epoch which parameter is the writer's epoch; it is the last one */
    private static String term(int epoch) {
        return "with term as (select epoch from coordinator_epoch where single and epoch = $" + epoch + " for share)";
    }

    /**
     * Puts what was just stored into the feed of its organisation, if it belongs there: each event strictly after all that
     * the feed has, and after those that come before it in this statement. To be appended to a common table expression
     * {@code stored}.
     *
     * @param jobs where the organisations of its jobs are found
     */
    private static String feed(String jobs) {
        return """
            , marked as (
                select jobs.org_id, stored.job_id, stored.seq, stored.at, interval '1 microsecond'
                    * row_number() over (partition by jobs.org_id order by stored.at, stored.job_id, stored.seq) as step
                from stored join %s as jobs on jobs.id = stored.job_id
                where stored.name in ('start', 'job_complete')
            ), fed as (
                insert into org_events (org_id, at, job_id, seq)
                select org_id, step + greatest(
                        max(at - step) over (partition by org_id order by step),
                        (select max(at) from org_events where org_events.org_id = marked.org_id)), job_id, seq
                from marked
                on conflict do nothing
                returning job_id, seq
            )""".formatted(jobs);
    }

    /** What was {@code due} and is not {@code stored}. */
    private static String lostOfJobs() {
        return """
            case when (select count(*) from due) = (select count(*) from stored) then '{}'
                else array(select 'job_events ' || job_id || ' ' || seq from due
                    except select 'job_events ' || job_id || ' ' || seq from stored) end""";
    }

    private static String lostOfFeed() {
        return """
            case when (select count(*) from marked) = (select count(*) from fed) then '{}'
                else array(select 'org_events ' || job_id || ' ' || seq from marked
                    except select 'org_events ' || job_id || ' ' || seq from fed) end""";
    }

    /** @param written which common table expression says how much was done */
    private static String outcome(String written) {
        return outcome(written, "'{}'::text[]");
    }

    private static String outcome(String written, String lost) {
        return """

            select exists (select from term) as current, (select count(*) from %s)::int as done, %s as lost""".formatted(written, lost);
    }
}
