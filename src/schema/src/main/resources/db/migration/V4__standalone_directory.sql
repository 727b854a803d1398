-- Who may do what, for a server without a Chef server.

create table directory_organisations (
    guid text primary key check (guid ~ '^[0-9a-f]{32}$'),
    name text not null unique,
    created_at timestamptz not null default now()
);

create table directory_users (
    name text primary key,
    created_at timestamptz not null default now()
);

create table directory_user_keys (
    user_name text not null references directory_users (name) on update cascade on delete cascade,
    key_name text not null,
    public_key text not null,
    primary key (user_name, key_name)
);

create table directory_org_members (
    org_guid text not null references directory_organisations (guid) on delete cascade,
    user_name text not null references directory_users (name) on update cascade on delete cascade,
    primary key (org_guid, user_name)
);

create table directory_clients (
    org_guid text not null references directory_organisations (guid) on delete cascade,
    name text not null,
    created_at timestamptz not null default now(),
    primary key (org_guid, name)
);

create table directory_client_keys (
    org_guid text not null,
    client_name text not null,
    key_name text not null,
    public_key text not null,
    primary key (org_guid, client_name, key_name),
    foreign key (org_guid, client_name) references directory_clients (org_guid, name)
        on update cascade on delete cascade
);

create table directory_groups (
    org_guid text not null references directory_organisations (guid) on delete cascade,
    name text not null,
    primary key (org_guid, name)
);

create table directory_group_users (
    org_guid text not null,
    group_name text not null,
    user_name text not null references directory_users (name) on update cascade on delete cascade,
    primary key (org_guid, group_name, user_name),
    foreign key (org_guid, group_name) references directory_groups (org_guid, name)
        on update cascade on delete cascade
);

create table directory_group_clients (
    org_guid text not null,
    group_name text not null,
    client_name text not null,
    primary key (org_guid, group_name, client_name),
    foreign key (org_guid, group_name) references directory_groups (org_guid, name)
        on update cascade on delete cascade,
    foreign key (org_guid, client_name) references directory_clients (org_guid, name)
        on update cascade on delete cascade
);

create table directory_group_groups (
    org_guid text not null,
    group_name text not null,
    member_name text not null,
    primary key (org_guid, group_name, member_name),
    foreign key (org_guid, group_name) references directory_groups (org_guid, name)
        on update cascade on delete cascade,
    foreign key (org_guid, member_name) references directory_groups (org_guid, name)
        on update cascade on delete cascade
);
