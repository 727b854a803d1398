package org.pushjobs.server.store;

/** The statements of {@link NodeKeyStore}. The newest claim of a key is in {@code node_keys}, the others are beside it. */
final class NodeKeySql {
    private static final String COLUMNS = "public_key, org_id, org_name, node_name, fetched_at, claimed_by,"
            + " heartbeat_address, command_address, interval_millis, told_at";

    private static final String CLAIMS =
            "(select " + COLUMNS + " from node_keys union all select " + COLUMNS + " from node_key_claims) as claims";

    private static final String CLAIMED_BY = "coalesce(claimed_by, 'client:' || node_name)";

    static final String ALL = "select * from " + CLAIMS + " order by fetched_at";

    static final String FIND =
            "select " + COLUMNS + " from node_keys where public_key = any($1::text[]) union all select " + COLUMNS
                    + " from node_key_claims where public_key = any($1::text[]) order by fetched_at";

    private static final String SET_NEWEST = """
            org_name = excluded.org_name, fetched_at = excluded.fetched_at, claimed_by = excluded.claimed_by,
            heartbeat_address = excluded.heartbeat_address, command_address = excluded.command_address,
            interval_millis = excluded.interval_millis, told_at = excluded.told_at""";

    /** No two of the given claims have the same key. A key that is given is not trimmed in the same statement. */
    static final String PUT = """
            with given as (
                select *, fetched_at as told_at from unnest($1::text[], $2::text[], $3::text[], $4::text[],
                        $5::timestamptz[], $6::text[], $7::text[], $8::text[], $9::int[])
                    as given (public_key, org_id, org_name, node_name, fetched_at, claimed_by, heartbeat_address,
                        command_address, interval_millis)
            ), moved as (
                insert into node_key_claims (%1$s)
                select k.public_key, k.org_id, k.org_name, k.node_name, k.fetched_at, k.claimed_by, k.heartbeat_address,
                    k.command_address, k.interval_millis, k.told_at
                from node_keys k join given g on g.public_key = k.public_key
                where (k.org_id, k.node_name) <> (g.org_id, g.node_name)
                on conflict (public_key, org_id, node_name) do update set %2$s
            ), newest as (
                delete from node_key_claims c using given g
                where (c.public_key, c.org_id, c.node_name) = (g.public_key, g.org_id, g.node_name)
            ), put as (
                insert into node_keys (%1$s)
                select %1$s from given
                on conflict (public_key) do update set org_id = excluded.org_id, node_name = excluded.node_name, %2$s
            ), nodes as (
                select distinct org_id, node_name from given
            ), others as (
                select public_key, org_id, node_name, row_number() over (
                    partition by org_id, node_name, %3$s order by fetched_at desc, public_key) as place
                from (select public_key, org_id, node_name, fetched_at, claimed_by
                    from node_keys join nodes using (org_id, node_name)
                    union all
                    select public_key, org_id, node_name, fetched_at, claimed_by
                    from node_key_claims join nodes using (org_id, node_name)) as claims
                where public_key not in (select public_key from given)
            ), trimmed as (
                delete from node_key_claims c using others o
                where o.place > $10 and (c.public_key, c.org_id, c.node_name) = (o.public_key, o.org_id, o.node_name)
            )
            delete from node_keys k using others o
            where o.place > $10 and (k.public_key, k.org_id, k.node_name) = (o.public_key, o.org_id, o.node_name)""".formatted(COLUMNS, SET_NEWEST, CLAIMED_BY);

    /** Commits and notifications go together, so whoever hears of it finds it done. */
    static final String REVOKE = """
            with gone as (
                select * from unnest($1::text[], $2::text[], $3::timestamptz[]) as gone (org_id, who, before)
            ), newest as (
                delete from node_keys k using gone g
                where k.org_id = g.org_id and coalesce(k.claimed_by, 'client:' || k.node_name) = g.who
                    and k.fetched_at < g.before
            ), others as (
                delete from node_key_claims c using gone g
                where c.org_id = g.org_id and coalesce(c.claimed_by, 'client:' || c.node_name) = g.who
                    and c.fetched_at < g.before
            )
            select pg_notify('%s', org_id || ' ' || who) from gone""".formatted(WatchConnection.KEYS_REVOKED);

    /**
     * Of an organisation that goes. Servers hear of everybody who could have claimed a key, for some may be on their way into
     * the table, and in any case of somebody without a name, so that they ask again what they remember of the organisation.
     */
    static final String REVOKE_ALL = """
            with newest as (
                delete from node_keys where org_id = $1 returning coalesce(claimed_by, 'client:' || node_name) as who
            ), others as (
                delete from node_key_claims where org_id = $1 returning coalesce(claimed_by, 'client:' || node_name) as who
            )
            select pg_notify('%s', $1 || ' ' || who) from (
                select who from newest
                union select who from others
                union select 'client:' || name from directory_clients where org_guid = $1
                union select 'user:' || user_name from directory_org_members where org_guid = $1
                union select 'client:') as gone""".formatted(WatchConnection.KEYS_REVOKED);

    /** Answers with the claims that stay: this statement does not see what it deletes itself. */
    static final String PURGE = """
            with unused as (
                select * from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[])
                    as unused (public_key, org_id, node_name, fetched_at)
            ), newest as (
                delete from node_keys k using unused u
                where (k.public_key, k.org_id, k.node_name, k.fetched_at)
                    = (u.public_key, u.org_id, u.node_name, u.fetched_at)
            ), others as (
                delete from node_key_claims c using unused u
                where (c.public_key, c.org_id, c.node_name, c.fetched_at)
                    = (u.public_key, u.org_id, u.node_name, u.fetched_at)
            )
            select claims.* from %s join unused u using (public_key, org_id, node_name)
            where claims.fetched_at <> u.fetched_at""".formatted(CLAIMS);

    static final String LAST_FETCHES = "select distinct on (node_name) * from " + CLAIMS
            + " where org_id = $1 order by node_name, fetched_at desc";

    static final String LAST_FETCH =
            "select * from " + CLAIMS + " where org_id = $1 and node_name = $2 order by fetched_at desc limit 1";

    private NodeKeySql() {}
}
