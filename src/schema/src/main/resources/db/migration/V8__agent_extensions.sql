-- What agents that speak protocol 2.1 tell: why a node refused a job, for programs; how its command ended; how many bytes it
-- wrote that are not kept.
alter table job_nodes add column reason_code text;
alter table job_nodes add column exit_code smallint;
alter table job_nodes add column signal text;
alter table job_nodes add column stdout_dropped bigint;
alter table job_nodes add column stderr_dropped bigint;

-- Output that came while the command ran. The parts of a channel follow each other without gaps; position is the number of
-- bytes before a part. channel: 1 stdout, 2 stderr. id rises in the order in which a job's parts were stored.
create table job_output_parts (
    job_id char(32) not null references jobs (id) on update cascade on delete cascade,
    node_name text not null,
    channel smallint not null,
    position bigint not null,
    id bigserial not null,
    data bytea not null,
    primary key (job_id, node_name, channel, position)
);
create index job_output_parts_in_order on job_output_parts (job_id, id);
