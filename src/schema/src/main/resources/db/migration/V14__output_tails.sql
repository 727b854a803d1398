-- The last of what a failed command wrote whose output nobody had asked for, as its agent tells: both channels in the order in
-- which it wrote, and how many bytes it wrote before that. Null where there is none.
alter table job_nodes add column output_tail bytea;
alter table job_nodes add column output_tail_offset bigint;
