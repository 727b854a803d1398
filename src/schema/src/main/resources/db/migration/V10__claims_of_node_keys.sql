-- Whose right a key rests on, user:NAME or client:NAME; null in rows of older servers, where it is the client of the node's
-- name. What the newest configuration with this key said; it counts only while told_at is fetched_at, since older servers
-- renew the one and not the other.
alter table node_keys add column claimed_by text;
alter table node_keys add column heartbeat_address text;
alter table node_keys add column command_address text;
alter table node_keys add column interval_millis int;
alter table node_keys add column told_at timestamptz;

-- One key may be claimed for several nodes. node_keys has the newest claim of a key, as older servers expect; the others are
-- here.
create table node_key_claims (
    public_key text not null,
    org_id text not null,
    org_name text not null,
    node_name text not null,
    fetched_at timestamptz not null,
    claimed_by text,
    heartbeat_address text,
    command_address text,
    interval_millis int,
    told_at timestamptz,
    primary key (public_key, org_id, node_name)
);

create index node_key_claims_by_node on node_key_claims (org_id, node_name, fetched_at);
