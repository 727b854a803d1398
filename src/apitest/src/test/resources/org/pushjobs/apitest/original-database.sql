-- What the original server's migrations (its project "pushy" of sqitch) have made, and what its jobs left there.
create schema sqitch;
create table sqitch.changes (change_id text primary key, change text not null, project text not null);
insert into sqitch.changes values ('1', 'job_status', 'pushy'), ('2', 'jobs', 'pushy'), ('3', 'job_nodes', 'pushy'),
    ('4', 'job_options', 'pushy'), ('5', 'job_output', 'pushy');
create table job_status (id int primary key, description text);
insert into job_status values (0, 'voting'), (1, 'running'), (2, 'complete'), (3, 'quorum_failed'), (4, 'aborted'),
    (5, 'new'), (6, 'timed_out'), (7, 'crashed');
create table jobs (
    id char(32) primary key, org_id char(32) not null, command text not null,
    status int not null references job_status (id), run_timeout int, last_updated_by char(32) not null,
    created_at timestamp not null, updated_at timestamp not null, quorum int);
create table job_nodes (
    job_id char(32) references jobs (id) on update cascade on delete cascade, org_id char(32) not null,
    node_name text not null, status int not null, created_at timestamp not null, updated_at timestamp not null,
    unique (job_id, org_id, node_name));
create table job_options (
    job_id char(32) primary key references jobs (id) on update cascade on delete cascade, job_user char(32), dir text,
    env text, capture boolean, job_file text);
create table job_output (
    job_id char(32) references jobs (id) on update cascade on delete cascade, node_name text, stdout text not null,
    stderr text not null, unique (job_id, node_name));

-- as young as not to be deleted for their age
insert into jobs values (repeat('1', 32), repeat('a', 32), 'chef-client', 2, 3600, 'alice', now() at time zone 'UTC' - interval '2 days', now() at time zone 'UTC' - interval '1 day', 2);
insert into job_nodes values
    (repeat('1', 32), repeat('a', 32), 'node-1', 3, now() at time zone 'UTC' - interval '2 days', now() at time zone 'UTC' - interval '1 day'),
    (repeat('1', 32), repeat('a', 32), 'node-2', 4, now() at time zone 'UTC' - interval '2 days', now() at time zone 'UTC' - interval '1 day');
insert into job_options values (repeat('1', 32), 'nobody', '/tmp', '{"COLOUR":"blue"}', true, null);
insert into job_output values (repeat('1', 32), 'node-1', 'of the original', 'and its errors');
-- the original ended while this one ran
insert into jobs values (repeat('2', 32), repeat('a', 32), 'sleep', 1, 3600, 'alice', now() at time zone 'UTC' - interval '1 hour', now() at time zone 'UTC' - interval '1 hour', 1);
insert into job_nodes values
    (repeat('2', 32), repeat('a', 32), 'node-1', 2, now() at time zone 'UTC' - interval '1 hour', now() at time zone 'UTC' - interval '1 hour');
