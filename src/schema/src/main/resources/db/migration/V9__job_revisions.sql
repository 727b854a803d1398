-- Rises with each write of what happened in a job, so that a statement that comes late changes nothing. Null is less than
-- all; a server that does not know the column leaves it as it is.
alter table jobs add column revision bigint;
