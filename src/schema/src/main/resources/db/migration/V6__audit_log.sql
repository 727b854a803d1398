-- Who asked for what and what came of it: starts and aborts of jobs, done and refused. Nothing refers to it and it refers
-- to nothing, so that it outlives jobs, organisations and users.
create table audit_log (
    id bigserial primary key,
    -- Told by the server, so that a line that was sent twice is there once.
    entry_id uuid not null unique,
    at timestamptz not null,
    org_name text not null,
    org_id text,
    requestor text not null,
    -- Empty when the requestor did not prove who he is; then the name is only a claim.
    requestor_type text,
    key_fingerprint text,
    request_id text not null,
    remote_address text not null,
    action text not null,
    job_id text,
    command text,
    node_count int,
    nodes json,
    outcome text not null,
    status int not null,
    reason text
);

create index audit_log_by_org on audit_log (org_id, at);
create index audit_log_by_job on audit_log (job_id) where job_id is not null;

create function audit_log_refuse_change() returns trigger language plpgsql as
    'begin raise exception ''audit_log is append-only''; end';

create trigger audit_log_append_only before update or delete or truncate on audit_log
    for each statement execute procedure audit_log_refuse_change();
