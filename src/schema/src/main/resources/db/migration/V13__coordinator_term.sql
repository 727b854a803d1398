-- Whose term it is to run the jobs. Whatever is written of jobs locks the row of coordinator_epoch in the same statement and is
-- written only while the epoch is its writer's; a new term raises it, and so waits for what is under way. The epoch never
-- falls. 0 before the first term. A server that does not know these tables writes without asking.
create table coordinator_epoch (
    single boolean primary key default true check (single),
    epoch bigint not null
);
insert into coordinator_epoch (epoch) values (0);

-- Who has the right to the term, of which epoch, until when by the database's clock; holder is null when it was given back. A
-- row of its own, so that what is written of jobs keeps nobody from renewing it.
create table coordinator_lease (
    single boolean primary key default true check (single),
    holder text,
    epoch bigint not null,
    expires_at timestamptz not null
);
insert into coordinator_lease (epoch, expires_at) values (0, now());
