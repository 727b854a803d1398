package org.pushjobs.server.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.pushjobs.server.ServerException;

/**
 * Organisations, users, clients and groups of a server without a Chef server. Usable from any thread; fails like
 * {@link JobStore}, and with status 404 or 409 where a change names something that is not there, or is there already.
 */
public final class DirectoryStore {
    /** The group whose members may start jobs unless another one is set up (request-signing.md). */
    public static final String ADMINS = "admins";

    private static final String FIRST_KEY = "default";

    /** Whose key it is. A name can belong to a user and to a client. */
    public enum KeyOwner {
        USER,
        CLIENT
    }

    /** What a group's members are. */
    public enum MemberType {
        USER,
        CLIENT,
        GROUP
    }

    /**
     * A key of a user or client.
     *
     * @param orgMember whether its owner belongs to the organisation that was asked about
     */
    public record KeyRow(KeyOwner owner, String publicKeyPem, boolean orgMember) {}

    /** Direct members of a group. */
    public record GroupRow(String name, Set<String> users, Set<String> clients, Set<String> groups) {}

    /** An organisation and who is in it, by name. */
    public record OrganisationRow(
            String name, String guid, List<String> users, List<String> clients, List<String> groups) {}

    private record Named(String orgName, String name) {}

    private final Pool pool;
    private final StatementBatch<String, Optional<String>> guids = new StatementBatch<>(this::guids);
    private final StatementBatch<Named, List<KeyRow>> keys = new StatementBatch<>(this::keys);

    public DirectoryStore(Pool pool) {
        this.pool = pool;
    }

    /** The guid of an organisation; empty when there is none of this name. */
    public Future<Optional<String>> organisationGuid(String orgName) {
        return SqlText.isStorable(orgName) ? guids.ask(orgName) : Future.succeededFuture(Optional.empty());
    }

    private Future<List<Optional<String>>> guids(List<String> orgNames) {
        return list(
                        pool,
                        DirectorySql.GUIDS,
                        Tuple.tuple().addValue(orgNames.stream().distinct().toArray(String[]::new)))
                .map(rows -> {
                    Map<String, String> found = new HashMap<>();
                    rows.forEach(row -> found.put(row.getString("name"), row.getString("guid")));
                    return orgNames.stream()
                            .map(name -> Optional.ofNullable(found.get(name)))
                            .toList();
                });
    }

    /** All keys of the user and of the organisation's client of this name. */
    public Future<List<KeyRow>> keys(String orgName, String name) {
        return SqlText.isStorable(orgName) && SqlText.isStorable(name)
                ? keys.ask(new Named(orgName, name))
                : Future.succeededFuture(List.of());
    }

    private Future<List<List<KeyRow>>> keys(List<Named> names) {
        Tuple parameters = Tuple.tuple()
                .addValue(names.stream().map(Named::orgName).toArray(String[]::new))
                .addValue(names.stream().map(Named::name).toArray(String[]::new));
        return list(pool, DirectorySql.KEYS, parameters).map(rows -> {
            List<List<KeyRow>> found =
                    names.stream().<List<KeyRow>>map(_ -> new ArrayList<>(1)).toList();
            for (Row row : rows) {
                found.get(row.getInteger("place") - 1)
                        .add(new KeyRow(
                                row.getBoolean("client") ? KeyOwner.CLIENT : KeyOwner.USER,
                                row.getString("public_key"),
                                row.getBoolean("member")));
            }
            return found;
        });
    }

    /** Empty when the organisation has no such group. */
    public Future<Optional<GroupRow>> group(String orgName, String groupName) {
        if (!SqlText.isStorable(orgName) || !SqlText.isStorable(groupName)) {
            return Future.succeededFuture(Optional.empty());
        }
        return list(pool, DirectorySql.GROUP, Tuple.of(orgName, groupName))
                .map(rows -> rows.stream().map(DirectoryStore::group).findFirst());
    }

    /** Every organisation, by name. */
    public Future<List<OrganisationRow>> organisations() {
        return list(pool, DirectorySql.ORGANISATIONS, Tuple.tuple())
                .map(rows -> rows.stream()
                        .map(row -> new OrganisationRow(
                                row.getString("name"),
                                row.getString("guid"),
                                List.of(row.getArrayOfStrings("users")),
                                List.of(row.getArrayOfStrings("clients")),
                                List.of(row.getArrayOfStrings("groups"))))
                        .toList());
    }

    /** The names of all users, those without an organisation too. */
    public Future<List<String>> users() {
        return list(pool, DirectorySql.USERS, Tuple.tuple())
                .map(rows -> rows.stream().map(row -> row.getString(0)).toList());
    }

    /** An organisation with an empty group {@link #ADMINS}. */
    public Future<Void> createOrganisation(String name, String guid) {
        return change(client -> insert(client, DirectorySql.CREATE_ORGANISATION, Tuple.of(guid, name))
                .compose(count -> count == 1
                        ? insert(client, DirectorySql.CREATE_GROUP, Tuple.of(guid, ADMINS))
                        : exists("organisation '" + name + "'")));
    }

    /** A user with one key. */
    public Future<Void> createUser(String name, String publicKeyPem) {
        return change(client -> user(client, name, publicKeyPem));
    }

    /** A user with one key who belongs to an organisation and to some of its groups. */
    public Future<Void> createMember(String name, String publicKeyPem, String orgName, Set<String> groups) {
        return change(client -> user(client, name, publicKeyPem)
                .compose(_ -> guid(client, orgName))
                .compose(guid -> member(client, guid, orgName, name, groups)));
    }

    /** Makes a user belong to an organisation and to some of its groups; no error when that was so before. */
    public Future<Void> addMember(String orgName, String user, Set<String> groups) {
        return change(client -> guid(client, orgName).compose(guid -> member(client, guid, orgName, user, groups)));
    }

    /** A client of an organisation, with one key. */
    public Future<Void> createClient(String orgName, String name, String publicKeyPem) {
        return change(client -> guid(client, orgName)
                .compose(guid -> insert(client, DirectorySql.CREATE_CLIENT, Tuple.of(guid, name))
                        .compose(count -> count == 1
                                ? insert(
                                        client,
                                        DirectorySql.CREATE_CLIENT_KEY,
                                        Tuple.of(guid, name, FIRST_KEY, publicKeyPem))
                                : exists("client '" + name + "' of organisation '" + orgName + "'"))));
    }

    /**
     * Clients of an organisation, with one key each; all of them or none.
     *
     * @param publicKeys as PEM, by the clients' names
     */
    public Future<Void> createClients(String orgName, Map<String, String> publicKeys) {
        String[] names = publicKeys.keySet().toArray(String[]::new);
        String[] keys = publicKeys.values().toArray(String[]::new);
        return change(client -> guid(client, orgName)
                .compose(guid -> insert(client, DirectorySql.CREATE_CLIENTS, Tuple.of(guid, names, keys, FIRST_KEY)))
                .compose(count -> count == names.length
                        ? Future.succeededFuture(count)
                        : exists("at least one of the clients " + names[0] + " to " + names[names.length - 1]
                                + " of organisation '" + orgName + "'")));
    }

    /**
     * Removes a client of an organisation, and in the same transaction the keys with which its agents connect: servers that
     * run close their connections at once.
     */
    public Future<Void> deleteClient(String orgName, String name) {
        return change(client -> guid(client, orgName)
                .compose(guid -> insert(client, DirectorySql.DELETE_CLIENT, Tuple.of(guid, name))
                        .compose(count -> count == 1
                                ? insert(client, NodeKeySql.REVOKE, revocation(guid, name))
                                : missing("client '" + name + "' in organisation '" + orgName + "'"))));
    }

    private static Tuple revocation(String orgGuid, String client) {
        return Tuple.tuple()
                .addValue(new String[] {orgGuid})
                .addValue(new String[] {Claimant.client(client).text()})
                .addValue(new OffsetDateTime[] {OffsetDateTime.MAX});
    }

    /** Puts someone into a group, which is made when it is not there; no error when they were in it before. */
    public Future<Void> addToGroup(String orgName, String groupName, MemberType type, String name) {
        return change(client ->
                guid(client, orgName).compose(guid -> groupMember(client, guid, orgName, groupName, type, name)));
    }

    private static Future<Integer> user(SqlClient client, String name, String publicKeyPem) {
        return insert(client, DirectorySql.CREATE_USER, Tuple.of(name))
                .compose(count -> count == 1
                        ? insert(client, DirectorySql.CREATE_USER_KEY, Tuple.of(name, FIRST_KEY, publicKeyPem))
                        : exists("user '" + name + "'"));
    }

    private static Future<Integer> member(
            SqlClient client, String guid, String orgName, String user, Set<String> groups) {
        Future<Integer> added = insert(client, DirectorySql.ADD_MEMBER, Tuple.of(guid, user))
                .compose(count -> count == 1 ? Future.succeededFuture(count) : missing("user '" + user + "'"));
        for (String group : groups) {
            added = added.compose(_ -> groupMember(client, guid, orgName, group, MemberType.USER, user));
        }
        return added;
    }

    private static Future<Integer> groupMember(
            SqlClient client, String guid, String orgName, String groupName, MemberType type, String name) {
        String sql = switch (type) {
            case USER -> DirectorySql.ADD_USER_TO_GROUP;
            case CLIENT -> DirectorySql.ADD_CLIENT_TO_GROUP;
            case GROUP -> DirectorySql.ADD_GROUP_TO_GROUP;
        };
        String what = switch (type) {
            case USER -> "user";
            case CLIENT -> "client";
            case GROUP -> "group";
        };
        return insert(client, DirectorySql.CREATE_GROUP, Tuple.of(guid, groupName))
                .compose(_ -> insert(client, sql, Tuple.of(guid, groupName, name)))
                .compose(count -> count == 1
                        ? Future.succeededFuture(count)
                        : missing(what + " '" + name + "' in organisation '" + orgName + "'"));
    }

    private static Future<String> guid(SqlClient client, String orgName) {
        return list(client, DirectorySql.GUID, Tuple.of(orgName))
                .compose(rows -> rows.isEmpty()
                        ? missing("organisation '" + orgName + "'")
                        : Future.succeededFuture(rows.getFirst().getString(0)));
    }

    private Future<Void> change(Function<SqlClient, Future<Integer>> statements) {
        return StoreErrors.translated(pool.withTransaction(statements::apply)).mapEmpty();
    }

    private static Future<Integer> insert(SqlClient client, String sql, Tuple parameters) {
        return client.preparedQuery(sql).execute(parameters).map(RowSet::rowCount);
    }

    private static Future<List<Row>> list(SqlClient client, String sql, Tuple parameters) {
        return StoreErrors.translated(client.preparedQuery(sql).execute(parameters))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false).toList());
    }

    private static GroupRow group(Row row) {
        return new GroupRow(
                row.getString("name"),
                Set.of(row.getArrayOfStrings("users")),
                Set.of(row.getArrayOfStrings("clients")),
                Set.of(row.getArrayOfStrings("groups")));
    }

    private static <T> Future<T> exists(String what) {
        return Future.failedFuture(new ServerException(409, what + " exists already"));
    }

    private static <T> Future<T> missing(String what) {
        return Future.failedFuture(new ServerException(404, "there is no " + what));
    }
}
