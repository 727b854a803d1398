-- An organisation's feed: the first and the last event of each of its jobs. at rises strictly within an organisation,
-- whatever the clocks of the servers said, and is what identifies an event in the feed.
create table org_events (
    org_id char(32) not null,
    at timestamptz not null,
    job_id char(32) not null,
    seq int not null,
    primary key (org_id, at),
    unique (job_id, seq),
    foreign key (job_id, seq) references job_events (job_id, seq) on update cascade on delete cascade
);
