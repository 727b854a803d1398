package org.pushjobs.server.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.store.DirectoryChange.State;
import org.pushjobs.server.store.DirectoryStore.MemberType;

/**
 * The statements that make one change of the directory, within a transaction. Whoever loses the right by which agents' keys were
 * admitted loses those, too. It is long for it has the statements of every change, side by side.
 */
final class DirectoryStatements {
    private final SqlClient client;

    DirectoryStatements(SqlClient client) {
        this.client = client;
    }

    /** Fails with status 404 or 409 when what it names is not there, or is there already. */
    Future<Void> make(DirectoryChange change) {
        return switch (change) {
            case DirectoryChange.CreateOrganisation(String name, String guid) ->
                count(DirectorySql.CREATE_ORGANISATION, Tuple.of(guid, name))
                        .compose(count -> count == 1
                                ? done(DirectorySql.CREATE_GROUP, Tuple.of(guid, DirectoryStore.ADMINS))
                                : exists("organisation '" + name + "'"));
            case DirectoryChange.DeleteOrganisation deleted ->
                guid(deleted.name()).compose(guid -> deleteOrganisation(guid, deleted));
            case DirectoryChange.CreateUser(String name, DirectoryKey key) ->
                count(DirectorySql.CREATE_USER, Tuple.of(name))
                        .compose(count ->
                                count == 1 ? addKey(new KeyHolder.User(name), key) : exists("user '" + name + "'"));
            case DirectoryChange.AddMember(String orgName, String user, DirectoryChange.Rank rank) ->
                guid(orgName).compose(guid -> addMember(guid, orgName, user, rank));
            case DirectoryChange.RemoveMember(String orgName, String user) ->
                guid(orgName).compose(guid -> removeMember(guid, orgName, user));
            case DirectoryChange.CreateClient(String orgName, String name, DirectoryKey key) ->
                guid(orgName)
                        .compose(guid -> count(DirectorySql.CREATE_CLIENT, Tuple.of(guid, name)))
                        .compose(count -> count == 1
                                ? addKey(new KeyHolder.Client(orgName, name), key)
                                : exists("client '" + name + "' of organisation '" + orgName + "'"));
            case DirectoryChange.Delete(KeyHolder who) -> delete(who);
            case DirectoryChange.Switch(KeyHolder who, State state) -> switchTo(who, state);
            case DirectoryChange.AddKey(KeyHolder who, DirectoryKey key) -> addKey(who, key);
            case DirectoryChange.RemoveKey(KeyHolder who, String keyName) ->
                onKeys(who, DirectorySql.REMOVE_USER_KEY, DirectorySql.REMOVE_CLIENT_KEY, keyName)
                        .compose(count -> count == 1 ? revoke(who) : missingKey(who, keyName));
            case DirectoryChange.ExpireKey(KeyHolder who, String keyName, Instant at) ->
                onKeys(who, DirectorySql.EXPIRE_USER_KEY, DirectorySql.EXPIRE_CLIENT_KEY, keyName, offset(at))
                        .compose(count -> count == 1 ? revokeIfOver(who, at) : missingKey(who, keyName));
            case DirectoryChange.RotateKey(KeyHolder who, DirectoryKey key, Optional<Instant> othersUntil) ->
                addKey(who, key).compose(_ -> endOthers(who, key, othersUntil));
            case DirectoryChange.CreateGroup(String orgName, String group) ->
                guid(orgName).compose(guid -> done(DirectorySql.CREATE_GROUP, Tuple.of(guid, group)));
            case DirectoryChange.DeleteGroup(String orgName, String group) ->
                guid(orgName)
                        .compose(guid -> count(DirectorySql.DELETE_GROUP, Tuple.of(guid, group))
                                .compose(count -> require(
                                        count, missing("group '" + group + "' in organisation '" + orgName + "'")))
                                .compose(_ -> revokeAllButAdmins(guid)));
            case DirectoryChange.AddToGroup(DirectoryChange.InGroup member) ->
                guid(member.organisation()).compose(guid -> addToGroup(guid, member));
            case DirectoryChange.RemoveFromGroup(DirectoryChange.InGroup member) ->
                guid(member.organisation()).compose(guid -> removeFromGroup(guid, member));
        };
    }

    Future<Integer> deleteJobsBefore(DirectoryChange.DeleteOrganisation deletion, int limit) {
        return guid(deletion.name())
                .compose(guid -> OrganisationContents.of(client, guid)
                        .compose(contents -> contents.permit(deletion))
                        .compose(_ -> FencedWrites.deleteEnded(client, guid, limit)));
    }

    /** Jobs that ended since the others were deleted go here. */
    private Future<Void> deleteOrganisation(String guid, DirectoryChange.DeleteOrganisation deleted) {
        return OrganisationContents.of(client, guid)
                .compose(contents -> contents.permit(deleted))
                .compose(_ -> rows(client, NodeKeySql.REVOKE_ALL, Tuple.of(guid)))
                .compose(_ -> FencedWrites.deleteEnded(client, guid, Integer.MAX_VALUE))
                .compose(_ -> done(DirectorySql.DELETE_ORGANISATION, Tuple.of(guid)));
    }

    private Future<Void> addMember(String guid, String orgName, String user, DirectoryChange.Rank rank) {
        Future<Void> added = count(DirectorySql.ADD_MEMBER, Tuple.of(guid, user))
                .compose(count -> require(count, missing("user '" + user + "'")));
        return switch (rank) {
            case MEMBER -> added;
            case ADMIN ->
                added.compose(_ -> addToGroup(
                        guid, new DirectoryChange.InGroup(orgName, DirectoryStore.ADMINS, MemberType.USER, user)));
        };
    }

    private Future<Void> removeMember(String guid, String orgName, String user) {
        return count(DirectorySql.REMOVE_MEMBER, Tuple.of(guid, user))
                .compose(count -> require(count, missing("user '" + user + "' in organisation '" + orgName + "'")))
                .compose(_ -> count(DirectorySql.REMOVE_FROM_ALL_GROUPS, Tuple.of(guid, user)))
                .compose(_ -> revoke(List.of(guid), List.of(Claimant.user(user).text())));
    }

    private Future<Void> delete(KeyHolder who) {
        // the agents' keys first: where a user was is not known any more after that
        return revoke(who)
                .compose(_ -> onHolder(who, DirectorySql.DELETE_USER, DirectorySql.DELETE_CLIENT))
                .compose(count -> require(count, missingHolder(who)));
    }

    private Future<Void> switchTo(KeyHolder who, State state) {
        return switch (state) {
            case ENABLED ->
                onHolder(who, DirectorySql.ENABLE_USER, DirectorySql.ENABLE_CLIENT)
                        .compose(count -> require(count, missingHolder(who)));
            case DISABLED ->
                onHolder(who, DirectorySql.DISABLE_USER, DirectorySql.DISABLE_CLIENT)
                        .compose(count -> count == 1 ? revoke(who) : missingHolder(who));
        };
    }

    private Future<Void> addKey(KeyHolder who, DirectoryKey key) {
        return onHolder(who, DirectorySql.FIND_USER, DirectorySql.FIND_CLIENT)
                .compose(count -> require(count, missingHolder(who)))
                .compose(_ -> onKeys(
                        who,
                        DirectorySql.ADD_USER_KEY,
                        DirectorySql.ADD_CLIENT_KEY,
                        key.name(),
                        key.publicKeyPem(),
                        key.expiresAt().map(DirectoryStatements::offset).orElse(null)))
                .compose(count -> require(count, exists("key '" + key.name() + "' of " + who.text())));
    }

    private Future<Void> endOthers(KeyHolder who, DirectoryKey key, Optional<Instant> othersUntil) {
        if (othersUntil.isEmpty()) {
            return onKeys(who, DirectorySql.REMOVE_OTHER_USER_KEYS, DirectorySql.REMOVE_OTHER_CLIENT_KEYS, key.name())
                    .compose(_ -> revoke(who));
        }
        Instant until = othersUntil.get();
        return onKeys(
                        who,
                        DirectorySql.EXPIRE_OTHER_USER_KEYS,
                        DirectorySql.EXPIRE_OTHER_CLIENT_KEYS,
                        key.name(),
                        offset(until))
                .compose(_ -> revokeIfOver(who, until));
    }

    /** What ends later is seen by {@link #endExpired}. */
    private Future<Void> revokeIfOver(KeyHolder who, Instant at) {
        return at.isAfter(Instant.now()) ? Future.succeededFuture() : revoke(who);
    }

    private Future<Void> addToGroup(String guid, DirectoryChange.InGroup member) {
        String sql = switch (member.type()) {
            case USER -> DirectorySql.ADD_USER_TO_GROUP;
            case CLIENT -> DirectorySql.ADD_CLIENT_TO_GROUP;
            case GROUP -> DirectorySql.ADD_GROUP_TO_GROUP;
        };
        return count(DirectorySql.CREATE_GROUP, Tuple.of(guid, member.group()))
                .compose(_ -> count(sql, Tuple.of(guid, member.group(), member.name())))
                .compose(count -> require(
                        count,
                        missing(member.type().label() + " '" + member.name() + "' in organisation '"
                                + member.organisation() + "'")));
    }

    private Future<Void> removeFromGroup(String guid, DirectoryChange.InGroup member) {
        String sql = switch (member.type()) {
            case USER -> DirectorySql.REMOVE_USER_FROM_GROUP;
            case CLIENT -> DirectorySql.REMOVE_CLIENT_FROM_GROUP;
            case GROUP -> DirectorySql.REMOVE_GROUP_FROM_GROUP;
        };
        return count(sql, Tuple.of(guid, member.group(), member.name()))
                .compose(count -> require(
                        count,
                        missing(member.type().label() + " '" + member.name() + "' in group '" + member.group()
                                + "' of organisation '" + member.organisation() + "'")))
                .compose(_ -> revokeAllButAdmins(guid));
    }

    /** Users need more than a key to act as a node. Who may without being an admin asks for the configuration again. */
    private Future<Void> revokeAllButAdmins(String guid) {
        return names(DirectorySql.CLAIMANTS_BUT_ADMINS, Tuple.of(guid))
                .compose(who -> revoke(who.stream().map(_ -> guid).toList(), List.copyOf(who)));
    }

    private Future<Integer> onHolder(KeyHolder who, String ofUser, String ofClient) {
        return switch (who) {
            case KeyHolder.User(String name) -> count(ofUser, Tuple.of(name));
            case KeyHolder.Client(String orgName, String name) ->
                guid(orgName).compose(guid -> count(ofClient, Tuple.of(guid, name)));
        };
    }

    private Future<Integer> onKeys(KeyHolder who, String ofUser, String ofClient, Object... parameters) {
        return switch (who) {
            case KeyHolder.User(String name) -> count(ofUser, tuple(List.of(name), parameters));
            case KeyHolder.Client(String orgName, String name) ->
                guid(orgName).compose(guid -> count(ofClient, tuple(List.of(guid, name), parameters)));
        };
    }

    private static Tuple tuple(List<String> first, Object... others) {
        Tuple tuple = Tuple.tuple();
        first.forEach(tuple::addValue);
        for (Object other : others) {
            tuple.addValue(other);
        }
        return tuple;
    }

    private Future<Void> revoke(KeyHolder who) {
        Future<List<String>> guids = switch (who) {
            case KeyHolder.User(String name) ->
                rows(client, DirectorySql.ORGANISATIONS_OF_USERS, Tuple.tuple().addValue(new String[] {name}))
                        .map(rows -> rows.stream().map(row -> row.getString(0)).toList());
            case KeyHolder.Client(String orgName, String _) -> guid(orgName).map(List::of);
        };
        return guids.compose(found ->
                revoke(found, found.stream().map(_ -> who.claimant().text()).toList()));
    }

    /** The names of those that were not there before. */
    Future<Set<String>> createClients(String guid, Map<String, DirectoryKey> keys) {
        return names(DirectorySql.CREATE_CLIENTS, clients(guid, keys));
    }

    /** The names of those that did not have their key; their agents are let in by it only. */
    Future<Set<String>> changeClients(String guid, Map<String, DirectoryKey> keys) {
        return names(DirectorySql.CHANGE_CLIENTS, clients(guid, keys)).compose(changed -> {
            List<String> claimants =
                    changed.stream().map(name -> Claimant.client(name).text()).toList();
            return revoke(claimants.stream().map(_ -> guid).toList(), claimants).map(changed);
        });
    }

    private static Tuple clients(String guid, Map<String, DirectoryKey> keys) {
        return Tuple.of(
                guid,
                keys.keySet().toArray(String[]::new),
                keys.values().stream().map(DirectoryKey::publicKeyPem).toArray(String[]::new),
                DirectoryKey.DEFAULT_NAME);
    }

    /** What is let in by keys that have expired since this was done last. */
    Future<Void> endExpired() {
        List<String> guids = new ArrayList<>();
        List<String> claimants = new ArrayList<>();
        return rows(client, DirectorySql.END_KEYS_OF_CLIENTS, Tuple.tuple())
                .onSuccess(rows -> rows.forEach(row -> {
                    guids.add(row.getString(0));
                    claimants.add(Claimant.client(row.getString(1)).text());
                }))
                .compose(_ -> rows(client, DirectorySql.END_KEYS_OF_USERS, Tuple.tuple()))
                .onSuccess(rows -> rows.forEach(row -> {
                    guids.add(row.getString(0));
                    claimants.add(Claimant.user(row.getString(1)).text());
                }))
                .compose(_ -> revoke(guids, claimants));
    }

    /** All keys of agents that rest on the right of these, each in its organisation. */
    private Future<Void> revoke(List<String> guids, List<String> claimants) {
        if (guids.isEmpty()) {
            return Future.succeededFuture();
        }
        OffsetDateTime[] before = guids.stream().map(_ -> OffsetDateTime.MAX).toArray(OffsetDateTime[]::new);
        return rows(
                        client,
                        NodeKeySql.REVOKE,
                        Tuple.tuple()
                                .addValue(guids.toArray(String[]::new))
                                .addValue(claimants.toArray(String[]::new))
                                .addValue(before))
                .mapEmpty();
    }

    /** Fails with status 404 when there is no such organisation. */
    Future<String> guid(String orgName) {
        return rows(client, DirectorySql.GUID, Tuple.of(orgName))
                .compose(rows -> rows.isEmpty()
                        ? missing("organisation '" + orgName + "'")
                        : Future.succeededFuture(rows.getFirst().getString(0)));
    }

    private static Future<Void> require(int count, Future<Void> refusal) {
        return count == 1 ? Future.succeededFuture() : refusal;
    }

    /** Whether it did something or found it done. */
    private Future<Void> done(String sql, Tuple parameters) {
        return count(sql, parameters).mapEmpty();
    }

    private Future<Integer> count(String sql, Tuple parameters) {
        return client.preparedQuery(sql).execute(parameters).map(RowSet::rowCount);
    }

    private Future<Set<String>> names(String sql, Tuple parameters) {
        return rows(client, sql, parameters).map(rows -> {
            Set<String> names = new HashSet<>();
            rows.forEach(row -> names.add(row.getString(0)));
            return names;
        });
    }

    static Future<List<Row>> rows(SqlClient client, String sql, Tuple parameters) {
        return client.preparedQuery(sql)
                .execute(parameters)
                .map(rows -> StreamSupport.stream(rows.spliterator(), false).toList());
    }

    private static OffsetDateTime offset(Instant at) {
        return Times.offset(at);
    }

    private static <T> Future<T> missingHolder(KeyHolder who) {
        return switch (who) {
            case KeyHolder.User(String name) -> missing("user '" + name + "'");
            case KeyHolder.Client(String orgName, String name) ->
                missing("client '" + name + "' in organisation '" + orgName + "'");
        };
    }

    private static <T> Future<T> missingKey(KeyHolder who, String keyName) {
        return missing("key '" + keyName + "' of " + who.text());
    }

    private static <T> Future<T> exists(String what) {
        return Future.failedFuture(new ServerException(409, what + " exists already"));
    }

    static <T> Future<T> missing(String what) {
        return Future.failedFuture(new ServerException(404, "there is no " + what));
    }
}
