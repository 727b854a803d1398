-- Keys that end, and users and clients that are switched off. Where the keys were, there is now a view of those that count:
-- older servers ask it and let nobody in whose key has ended, and what they add goes through it.
alter table directory_users add column disabled_at timestamptz;
alter table directory_clients add column disabled_at timestamptz;

alter table directory_user_keys rename to directory_keys_of_users;
alter table directory_keys_of_users add column added_at timestamptz not null default now();
alter table directory_keys_of_users add column expires_at timestamptz;
-- Whether the agents that were let in by its right have been disconnected since it expired.
alter table directory_keys_of_users add column expiry_seen boolean not null default false;
create index directory_keys_of_users_to_end on directory_keys_of_users (expires_at)
    where expires_at is not null and not expiry_seen;

alter table directory_client_keys rename to directory_keys_of_clients;
alter table directory_keys_of_clients add column added_at timestamptz not null default now();
alter table directory_keys_of_clients add column expires_at timestamptz;
alter table directory_keys_of_clients add column expiry_seen boolean not null default false;
create index directory_keys_of_clients_to_end on directory_keys_of_clients (expires_at)
    where expires_at is not null and not expiry_seen;

create view directory_user_keys as
    select user_name, key_name, public_key
    from directory_keys_of_users
    where (expires_at is null or expires_at > now())
        and not exists (select 1 from directory_users where name = user_name and disabled_at is not null);

create view directory_client_keys as
    select org_guid, client_name, key_name, public_key
    from directory_keys_of_clients k
    where (expires_at is null or expires_at > now())
        and not exists (
            select 1 from directory_clients c
            where c.org_guid = k.org_guid and c.name = k.client_name and c.disabled_at is not null);
