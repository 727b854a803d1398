-- What the servers of a cluster share besides their secrets. One row at most.
create table cluster (
    single boolean primary key default true check (single),
    incarnation_id text not null,
    key_epoch int not null,
    secrets_fingerprint text not null,
    created_at timestamptz not null
);

-- The CURVE public keys that agents connect with.
create table node_keys (
    public_key text primary key,
    org_id text not null,
    org_name text not null,
    node_name text not null,
    fetched_at timestamptz not null
);

create index node_keys_by_node on node_keys (org_id, node_name, fetched_at);
