-- How a job was to run: the job itself says it, too, but a job that was refused is nowhere else, and jobs are removed.
alter table audit_log add column options json;
