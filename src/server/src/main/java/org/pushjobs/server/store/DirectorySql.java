package org.pushjobs.server.store;

/**
 * The statements of {@link DirectoryStore}. An insert that may find its row there already updates it to what it is, so
 * that a count of 0 always means that what it refers to is missing.
 */
final class DirectorySql {
    static final String GUID = "select guid from directory_organisations where name = $1";

    static final String GUIDS = "select name, guid from directory_organisations where name = any($1::text[])";

    static final String KEYS = """
            with asked as (
                select * from unnest($1::text[], $2::text[]) with ordinality as asked (org, name, place)
            )
            select asked.place, false as client, keys.public_key, members.user_name is not null as member
            from asked
            join directory_user_keys keys on keys.user_name = asked.name
            left join directory_organisations org on org.name = asked.org
            left join directory_org_members members on members.org_guid = org.guid and members.user_name = keys.user_name
            union all
            select asked.place, true, keys.public_key, true
            from asked
            join directory_organisations org on org.name = asked.org
            join directory_client_keys keys on keys.org_guid = org.guid and keys.client_name = asked.name""";

    static final String GROUPS = """
            select directory_groups.name,
                array(select user_name from directory_group_users
                    where org_guid = guid and group_name = directory_groups.name) as users,
                array(select client_name from directory_group_clients
                    where org_guid = guid and group_name = directory_groups.name) as clients,
                array(select member_name from directory_group_groups
                    where org_guid = guid and group_name = directory_groups.name) as groups
            from directory_groups join directory_organisations on guid = org_guid
            where directory_organisations.name = $1""";

    static final String GROUP = GROUPS + " and directory_groups.name = $2";

    /** One of this name, or all where it is null. */
    static final String ORGANISATIONS = """
            select name, guid,
                array(select user_name from directory_org_members where org_guid = guid order by 1) as users,
                array(select user_name from directory_org_members m join directory_users u on u.name = m.user_name
                    where org_guid = guid and disabled_at is not null order by 1) as disabled_users,
                array(select c.name from directory_clients c where org_guid = guid order by 1) as clients,
                array(select c.name from directory_clients c
                    where org_guid = guid and disabled_at is not null order by 1) as disabled_clients,
                array(select g.name from directory_groups g where org_guid = guid order by 1) as groups
            from directory_organisations where $1::text is null or name = $1 order by name""";

    static final String USERS = "select name from directory_users order by name";

    static final String CREATE_ORGANISATION =
            "insert into directory_organisations (guid, name) values ($1, $2) on conflict do nothing";

    /** What is the organisation's by its guid goes with it, but jobs, which know nothing of the directory. */
    static final String DELETE_ORGANISATION = "delete from directory_organisations where guid = $1";

    static final String CONTENTS = """
            select (select count(*) from directory_org_members where org_guid = $1)::int as users,
                (select count(*) from directory_clients where org_guid = $1)::int as clients,
                (select count(*) from jobs where org_id = $1::text::bpchar)::int as jobs,
                (select count(*) from jobs where org_id = $1::text::bpchar and status in (0, 1, 5))::int as live""";

    static final String CREATE_GROUP =
            "insert into directory_groups (org_guid, name) values ($1, $2) on conflict do nothing";

    static final String CREATE_USER = "insert into directory_users (name) values ($1) on conflict do nothing";

    static final String CREATE_CLIENT =
            "insert into directory_clients (org_guid, name) values ($1, $2) on conflict do nothing";

    /** Names the clients that were not there before; those that were there keep their keys. */
    static final String CREATE_CLIENTS = """
            with new as (select unnest($2::text[]) as name, unnest($3::text[]) as public_key),
            clients as (
                insert into directory_clients (org_guid, name) select $1, name from new
                on conflict do nothing returning name)
            insert into directory_keys_of_clients (org_guid, client_name, key_name, public_key)
            select $1, name, $4, public_key from new where name in (select name from clients)
            returning client_name""";

    /** Names the clients that did not have their key; it takes the place of the one of its name. */
    static final String CHANGE_CLIENTS = """
            with new as (select unnest($2::text[]) as name, unnest($3::text[]) as public_key)
            insert into directory_keys_of_clients (org_guid, client_name, key_name, public_key)
            select $1, name, $4, public_key from new
            where not exists (select 1 from directory_keys_of_clients k
                where k.org_guid = $1 and k.client_name = name and k.public_key = new.public_key
                    and (k.expires_at is null or k.expires_at > now()))
            on conflict (org_guid, client_name, key_name) do update set public_key = excluded.public_key,
                added_at = now(), expires_at = null, expiry_seen = false
            returning client_name""";

    static final String FIND_USER = "select 1 from directory_users where name = $1";

    static final String FIND_CLIENT = "select 1 from directory_clients where org_guid = $1 and name = $2";

    static final String DELETE_USER = "delete from directory_users where name = $1";

    static final String DELETE_CLIENT = "delete from directory_clients where org_guid = $1 and name = $2";

    static final String ENABLE_USER = "update directory_users set disabled_at = null where name = $1";

    static final String ENABLE_CLIENT =
            "update directory_clients set disabled_at = null where org_guid = $1 and name = $2";

    static final String DISABLE_USER =
            "update directory_users set disabled_at = coalesce(disabled_at, now()) where name = $1";

    static final String DISABLE_CLIENT = "update directory_clients set disabled_at = coalesce(disabled_at, now())"
            + " where org_guid = $1 and name = $2";

    private static final String OF_USER = " where user_name = $1 and key_name ";

    private static final String OF_CLIENT = " where org_guid = $1 and client_name = $2 and key_name ";

    static final String KEYS_OF_USER = "select key_name, public_key, added_at, expires_at from directory_keys_of_users"
            + " where user_name = $1 order by added_at, key_name";

    static final String KEYS_OF_CLIENT = """
            select key_name, public_key, added_at, expires_at from directory_keys_of_clients
            where org_guid = (select guid from directory_organisations where name = $1) and client_name = $2
            order by added_at, key_name""";

    static final String ADD_USER_KEY =
            "insert into directory_keys_of_users (user_name, key_name, public_key, expires_at)"
                    + " values ($1, $2, $3, $4) on conflict do nothing";

    static final String ADD_CLIENT_KEY = "insert into directory_keys_of_clients"
            + " (org_guid, client_name, key_name, public_key, expires_at) values ($1, $2, $3, $4, $5)"
            + " on conflict do nothing";

    static final String REMOVE_USER_KEY = "delete from directory_keys_of_users" + OF_USER + "= $2";

    static final String REMOVE_CLIENT_KEY = "delete from directory_keys_of_clients" + OF_CLIENT + "= $3";

    static final String REMOVE_OTHER_USER_KEYS = "delete from directory_keys_of_users" + OF_USER + "<> $2";

    static final String REMOVE_OTHER_CLIENT_KEYS = "delete from directory_keys_of_clients" + OF_CLIENT + "<> $3";

    static final String EXPIRE_USER_KEY =
            "update directory_keys_of_users set expires_at = $3, expiry_seen = $3 <= now()" + OF_USER + "= $2";

    static final String EXPIRE_CLIENT_KEY =
            "update directory_keys_of_clients set expires_at = $4, expiry_seen = $4 <= now()" + OF_CLIENT + "= $3";

    /** What has expired stays as it is: its agents are not disconnected for it once more. */
    static final String EXPIRE_OTHER_USER_KEYS =
            "update directory_keys_of_users set expires_at = least(expires_at, $3), expiry_seen = expiry_seen or $3 <= now()"
                    + OF_USER + "<> $2";

    static final String EXPIRE_OTHER_CLIENT_KEYS =
            "update directory_keys_of_clients set expires_at = least(expires_at, $4), expiry_seen = expiry_seen or $4 <= now()"
                    + OF_CLIENT + "<> $3";

    static final String END_KEYS_OF_CLIENTS = """
            update directory_keys_of_clients set expiry_seen = true
            where expires_at is not null and not expiry_seen and expires_at <= now() returning org_guid, client_name""";

    static final String END_KEYS_OF_USERS = """
            with ended as (
                update directory_keys_of_users set expiry_seen = true
                where expires_at is not null and not expiry_seen and expires_at <= now() returning user_name)
            select distinct org_guid, user_name from ended join directory_org_members using (user_name)""";

    static final String MEMBERSHIPS = """
            select (count(*) filter (where name = $2))::int as here, (count(*) filter (where name <> $2))::int as elsewhere
            from directory_org_members join directory_organisations on guid = org_guid where user_name = $1""";

    static final String ORGANISATIONS_OF_USERS =
            "select distinct org_guid from directory_org_members where user_name = any($1::text[])";

    static final String AFFECTED_ORGANISATIONS = """
            select guid from directory_organisations where name = any($1::text[])
            union
            select org_guid from directory_org_members where user_name = any($2::text[])""";

    /** Whoever has a key that counts at a time, or now if that is later; a user's groups count only where he is a member. */
    static final String ROLES = """
            with recursive org as (
                select guid, name from directory_organisations where guid = any($1::text[])
            ), special as (
                select org_guid, name from directory_groups where org_guid = any($1::text[])
            ), nested (guid, role, group_name) as (
                select guid, 'admins'::text, 'admins'::text from org
                union all
                select guid, 'writers'::text, case when (guid, 'pushy_job_writers') in (select org_guid, name from special)
                    then 'pushy_job_writers'::text else 'admins'::text end from org
                union all
                select guid, 'readers'::text, 'pushy_job_readers'::text from org
                where (guid, 'pushy_job_readers') in (select org_guid, name from special)
            ), reached (guid, role, group_name) as (
                select * from nested
                union
                select r.guid, r.role, g.member_name
                from reached r join directory_group_groups g on g.org_guid = r.guid and g.group_name = r.group_name
            ), holders (guid, role, type, name) as (
                select r.guid, r.role, 'user'::text, m.user_name
                from reached r join directory_group_users m on m.org_guid = r.guid and m.group_name = r.group_name
                where exists (select 1 from directory_org_members o
                    where o.org_guid = r.guid and o.user_name = m.user_name)
                union
                select r.guid, r.role, 'client'::text, m.client_name
                from reached r join directory_group_clients m on m.org_guid = r.guid and m.group_name = r.group_name
                where r.role <> 'readers'
                union
                select guid, 'readers'::text, 'user'::text, user_name
                from org join directory_org_members on org_guid = guid
                where (guid, 'pushy_job_readers') not in (select org_guid, name from special)
            )
            select org.name as org, role, type, h.name as name
            from holders h join org on org.guid = h.guid
            where case type
                when 'user' then exists (select 1
                    from directory_keys_of_users k join directory_users u on u.name = k.user_name
                    where u.name = h.name and u.disabled_at is null
                        and (k.expires_at is null or k.expires_at > greatest(now(), $2)))
                else exists (select 1
                    from directory_keys_of_clients k join directory_clients c
                        on c.org_guid = k.org_guid and c.name = k.client_name
                    where c.org_guid = h.guid and c.name = h.name and c.disabled_at is null
                        and (k.expires_at is null or k.expires_at > greatest(now(), $2))) end""";

    /** Users by whose right keys of agents were admitted and who are no admins, as {@link Claimant#text}. */
    static final String CLAIMANTS_BUT_ADMINS = """
            with recursive admins (group_name) as (
                select 'admins'::text
                union
                select g.member_name
                from admins join directory_group_groups g on g.org_guid = $1 and g.group_name = admins.group_name
            ), claimants (who) as (
                select claimed_by from node_keys where org_id = $1 and claimed_by like 'user:%'
                union
                select claimed_by from node_key_claims where org_id = $1 and claimed_by like 'user:%'
            )
            select who from claimants
            where who not in (select 'user:' || user_name
                from directory_group_users join admins using (group_name) where org_guid = $1)""";

    static final String ADD_MEMBER = """
            insert into directory_org_members (org_guid, user_name)
            select $1, name from directory_users where name = $2
            on conflict (org_guid, user_name) do update set user_name = excluded.user_name""";

    static final String ADD_USER_TO_GROUP = """
            insert into directory_group_users (org_guid, group_name, user_name)
            select org_guid, $2, user_name from directory_org_members where org_guid = $1 and user_name = $3
            on conflict (org_guid, group_name, user_name) do update set user_name = excluded.user_name""";

    static final String ADD_CLIENT_TO_GROUP = """
            insert into directory_group_clients (org_guid, group_name, client_name)
            select org_guid, $2, name from directory_clients where org_guid = $1 and name = $3
            on conflict (org_guid, group_name, client_name) do update set client_name = excluded.client_name""";

    static final String ADD_GROUP_TO_GROUP = """
            insert into directory_group_groups (org_guid, group_name, member_name)
            select org_guid, $2, name from directory_groups where org_guid = $1 and name = $3
            on conflict (org_guid, group_name, member_name) do update set member_name = excluded.member_name""";

    static final String REMOVE_MEMBER = "delete from directory_org_members where org_guid = $1 and user_name = $2";

    static final String REMOVE_FROM_ALL_GROUPS =
            "delete from directory_group_users where org_guid = $1 and user_name = $2";

    static final String DELETE_GROUP = "delete from directory_groups where org_guid = $1 and name = $2";

    static final String REMOVE_USER_FROM_GROUP =
            "delete from directory_group_users where org_guid = $1 and group_name = $2 and user_name = $3";

    static final String REMOVE_CLIENT_FROM_GROUP =
            "delete from directory_group_clients where org_guid = $1 and group_name = $2 and client_name = $3";

    static final String REMOVE_GROUP_FROM_GROUP =
            "delete from directory_group_groups where org_guid = $1 and group_name = $2 and member_name = $3";

    private DirectorySql() {}
}
