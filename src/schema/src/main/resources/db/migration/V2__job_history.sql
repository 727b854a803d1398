-- Everything here is additive: the original server, and ours of one version earlier, keep working on it.

-- jobs.last_updated_by is cut to 32 characters; this is the whole name.
alter table jobs add column requestor text;

-- Why a node got its status, for people.
alter table job_nodes add column reason text;

-- Text cannot hold U+0000. An output that contains it is stored here as UTF-8, and the text column is empty then.
alter table job_output add column stdout_bytes bytea;
alter table job_output add column stderr_bytes bytea;

-- An organisation's jobs in the order of the list.
create index jobs_by_org on jobs (org_id, created_at, id);

-- The few jobs that have not ended: voting, running, new.
create index jobs_live on jobs (status) where status in (0, 1, 5);

-- data is json and not jsonb: it gives back the fields in the order they were written in, and jsonb cannot hold U+0000.
create table job_events (
    job_id char(32) not null references jobs (id) on update cascade on delete cascade,
    seq int not null,
    name text not null,
    at timestamptz not null,
    data json not null,
    primary key (job_id, seq)
);
