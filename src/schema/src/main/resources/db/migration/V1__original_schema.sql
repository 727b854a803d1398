-- The schema of the original server, table by table (storage.md). A database that has these tables already is taken
-- over at this version; this script then never runs there. It must not change.

create table job_status (
    id int primary key,
    description text
);

insert into job_status (id, description) values
    (0, 'voting'),
    (1, 'running'),
    (2, 'complete'),
    (3, 'quorum_failed'),
    (4, 'aborted'),
    (5, 'new'),
    (6, 'timed_out'),
    (7, 'crashed');

create table jobs (
    id char(32) primary key,
    org_id char(32) not null,
    command text not null,
    status int not null references job_status (id),
    run_timeout int,
    last_updated_by char(32) not null,
    created_at timestamp not null,
    updated_at timestamp not null,
    quorum int
);

create table job_nodes (
    job_id char(32) references jobs (id) on update cascade on delete cascade,
    org_id char(32) not null,
    node_name text not null,
    status int not null,
    created_at timestamp not null,
    updated_at timestamp not null,
    unique (job_id, org_id, node_name)
);

create table job_options (
    job_id char(32) primary key references jobs (id) on update cascade on delete cascade,
    job_user char(32),
    dir text,
    env text,
    capture boolean,
    job_file text
);

create table job_output (
    job_id char(32) references jobs (id) on update cascade on delete cascade,
    node_name text,
    stdout text not null,
    stderr text not null,
    unique (job_id, node_name)
);
