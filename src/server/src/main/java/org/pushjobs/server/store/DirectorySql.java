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

    static final String GROUP = """
            select directory_groups.name,
                array(select user_name from directory_group_users
                    where org_guid = guid and group_name = directory_groups.name) as users,
                array(select client_name from directory_group_clients
                    where org_guid = guid and group_name = directory_groups.name) as clients,
                array(select member_name from directory_group_groups
                    where org_guid = guid and group_name = directory_groups.name) as groups
            from directory_groups join directory_organisations on guid = org_guid
            where directory_organisations.name = $1 and directory_groups.name = $2""";

    static final String ORGANISATIONS = """
            select name, guid,
                array(select user_name from directory_org_members where org_guid = guid order by 1) as users,
                array(select c.name from directory_clients c where org_guid = guid order by 1) as clients,
                array(select g.name from directory_groups g where org_guid = guid order by 1) as groups
            from directory_organisations order by name""";

    static final String USERS = "select name from directory_users order by name";

    static final String CREATE_ORGANISATION =
            "insert into directory_organisations (guid, name) values ($1, $2) on conflict do nothing";

    static final String CREATE_GROUP =
            "insert into directory_groups (org_guid, name) values ($1, $2) on conflict do nothing";

    static final String CREATE_USER = "insert into directory_users (name) values ($1) on conflict do nothing";

    static final String CREATE_USER_KEY =
            "insert into directory_user_keys (user_name, key_name, public_key) values ($1, $2, $3)";

    static final String CREATE_CLIENT =
            "insert into directory_clients (org_guid, name) values ($1, $2) on conflict do nothing";

    static final String CREATE_CLIENT_KEY =
            "insert into directory_client_keys (org_guid, client_name, key_name, public_key) values ($1, $2, $3, $4)";

    /** Counts the clients that were not there before; those that were there keep their keys. */
    static final String CREATE_CLIENTS = """
            with new as (select unnest($2::text[]) as name, unnest($3::text[]) as public_key),
            clients as (
                insert into directory_clients (org_guid, name) select $1, name from new
                on conflict do nothing returning name)
            insert into directory_client_keys (org_guid, client_name, key_name, public_key)
            select $1, name, $4, public_key from new where name in (select name from clients)""";

    static final String DELETE_CLIENT = "delete from directory_clients where org_guid = $1 and name = $2";

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

    private DirectorySql() {}
}
