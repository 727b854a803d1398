package org.pushjobs.server.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.pushjobs.server.jobs.model.StorableText;

/**
 * Organisations, users, clients and groups of a server without a Chef server; {@link DirectoryChanges} changes them. Usable
 * from any thread; fails like {@link JobStore}.
 */
public final class DirectoryStore {
    /** The group whose members may start jobs unless another one is set up (request-signing.md). */
    public static final String ADMINS = "admins";

    /** Whose key it is. A name can belong to a user and to a client. */
    public enum KeyOwner {
        USER,
        CLIENT
    }

    /** What a group's members are. */
    public enum MemberType {
        USER("user"),
        CLIENT("client"),
        GROUP("group");

        private final String label;

        MemberType(String label) {
            this.label = label;
        }

        /** As in options of the command line. */
        public String label() {
            return label;
        }
    }

    /**
     * A key of a user or client.
     *
     * @param orgMember whether its owner belongs to the organisation that was asked about
     */
    public record KeyRow(KeyOwner owner, String publicKeyPem, boolean orgMember) {}

    /** Direct members of a group. */
    public record GroupRow(String name, Set<String> users, Set<String> clients, Set<String> groups) {}

    /**
     * Users or clients.
     *
     * @param names of all of them, sorted
     * @param disabled those of them that may do nothing
     */
    public record Principals(List<String> names, Set<String> disabled) {}

    /** An organisation and who is in it, by name. */
    public record OrganisationRow(
            String name, String guid, Principals users, Principals clients, List<String> groups) {}

    /**
     * A key of a user or client.
     *
     * @param expiresAt from when on it does not count; empty for never
     */
    public record KeyEntry(String name, String publicKeyPem, Instant addedAt, Optional<Instant> expiresAt) {}

    private record Named(String orgName, String name) {}

    private final Pool pool;
    private final StatementBatch<String, Optional<String>> guids = new StatementBatch<>(this::guids);
    private final StatementBatch<Named, List<KeyRow>> keys = new StatementBatch<>(this::keys);

    public DirectoryStore(Pool pool) {
        this.pool = pool;
    }

    /** The guid of an organisation; empty when there is none of this name. */
    public Future<Optional<String>> organisationGuid(String orgName) {
        return StorableText.isStorable(orgName) ? guids.ask(orgName) : Future.succeededFuture(Optional.empty());
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
        return StorableText.isStorable(orgName) && StorableText.isStorable(name)
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
        if (!StorableText.isStorable(orgName) || !StorableText.isStorable(groupName)) {
            return Future.succeededFuture(Optional.empty());
        }
        return list(pool, DirectorySql.GROUP, Tuple.of(orgName, groupName))
                .map(rows -> rows.stream().map(DirectoryStore::group).findFirst());
    }

    /** All groups of an organisation, by name; none when there is no such organisation. */
    public Future<List<GroupRow>> groups(String orgName) {
        return list(pool, DirectorySql.GROUPS, Tuple.of(orgName))
                .map(rows -> rows.stream()
                        .map(DirectoryStore::group)
                        .sorted(Comparator.comparing(GroupRow::name))
                        .toList());
    }

    /** Every organisation, by name. */
    public Future<List<OrganisationRow>> organisations() {
        return organisations(Optional.empty());
    }

    /** Empty when there is none of this name. */
    public Future<Optional<OrganisationRow>> organisation(String orgName) {
        return organisations(Optional.of(orgName)).map(rows -> rows.stream().findFirst());
    }

    private Future<List<OrganisationRow>> organisations(Optional<String> orgName) {
        return list(pool, DirectorySql.ORGANISATIONS, Tuple.tuple().addValue(orgName.orElse(null)))
                .map(rows -> rows.stream()
                        .map(row -> new OrganisationRow(
                                row.getString("name"),
                                row.getString("guid"),
                                principals(row, "users"),
                                principals(row, "clients"),
                                List.of(row.getArrayOfStrings("groups"))))
                        .toList());
    }

    private static Principals principals(Row row, String kind) {
        return new Principals(List.of(row.getArrayOfStrings(kind)), Set.of(row.getArrayOfStrings("disabled_" + kind)));
    }

    /** The names of all users, those without an organisation too. */
    public Future<List<String>> users() {
        return list(pool, DirectorySql.USERS, Tuple.tuple())
                .map(rows -> rows.stream().map(row -> row.getString(0)).toList());
    }

    /** The user's or client's keys, those that have expired too; empty when there is nobody. */
    public Future<List<KeyEntry>> keysOf(KeyHolder who) {
        Future<List<Row>> rows = switch (who) {
            case KeyHolder.User(String name) -> list(pool, DirectorySql.KEYS_OF_USER, Tuple.of(name));
            case KeyHolder.Client(String orgName, String name) ->
                list(pool, DirectorySql.KEYS_OF_CLIENT, Tuple.of(orgName, name));
        };
        return rows.map(found -> found.stream()
                .map(row -> new KeyEntry(
                        row.getString("key_name"),
                        row.getString("public_key"),
                        row.getOffsetDateTime("added_at").toInstant(),
                        Optional.ofNullable(row.getOffsetDateTime("expires_at")).map(OffsetDateTime::toInstant)))
                .toList());
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
}
