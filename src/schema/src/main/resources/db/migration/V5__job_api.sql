-- An abort that is under way goes on after a restart of the server.
alter table jobs add column abort_requested_at timestamptz;
alter table jobs add column abort_requested_by text;

-- A request that is sent again under the same key gets the job of the first one; the digest tells whether it is the same.
alter table jobs add column idempotency_key text;
alter table jobs add column request_digest bytea;
create unique index jobs_by_idempotency_key on jobs (org_id, requestor, idempotency_key)
    where idempotency_key is not null;

-- When a node voted, said that it runs, and reached its final status.
alter table job_nodes add column voted_at timestamptz;
alter table job_nodes add column started_at timestamptz;
alter table job_nodes add column finished_at timestamptz;

-- What became of a node's output: 0 there was none to keep, 1 it is in job_output, 2 its agent dropped it; null for rows
-- of servers that did not note it. The sizes are bytes of UTF-8.
alter table job_nodes add column output_state smallint;
alter table job_nodes add column stdout_size int;
alter table job_nodes add column stderr_size int;

-- Pages of an organisation's jobs, newest first, that have something in common. A command may be longer than an entry of
-- an index.
create index jobs_by_org_status on jobs (org_id, status, created_at, id);
create index jobs_by_org_command on jobs (org_id, left(command, 100), created_at, id);
create index job_nodes_by_node on job_nodes (org_id, node_name, job_id);

-- The jobs that have ended, those first that ended first.
create index jobs_ended on jobs (updated_at) where status in (2, 3, 4, 6, 7);
