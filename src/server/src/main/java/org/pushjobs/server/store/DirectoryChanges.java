package org.pushjobs.server.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.pushjobs.server.ServerException;

/**
 * Changes the directory of a server without a Chef server. Changes are made one after the other, on all servers. In the same
 * transaction the agents' keys go whose right is taken away, and servers that run disconnect those agents at once. Usable from
 * any thread; fails like {@link JobStore}, with status 404 or 409 where a change names something that is not there, or is there
 * already, with 403 where it is beyond its scope, and with a {@link LockOutException}.
 */
public final class DirectoryChanges {
    /** All changes wait for each other: what they may do to others depends on all groups. */
    private static final String IN_TURN = "select pg_advisory_xact_lock(7310031)";

    private final Pool pool;
    private final Optional<Function<DirectoryChange, AuditRow>> journal;
    private final Consumer<List<DirectoryChange>> made;

    /** What may be changed. */
    public sealed interface Scope {
        /** Everything. */
        record Server() implements Scope {}

        /** One organisation, and of its users those who belong to no other. */
        record Organisation(String name) implements Scope {
            public Organisation {
                Objects.requireNonNull(name, "name");
            }
        }
    }

    /** Whether somebody knows that a change takes away what others may do. */
    public enum Consent {
        NOT_GIVEN,
        GIVEN
    }

    /** How many clients were there before, and what became of the others. */
    public record Clients(int created, int changed) {}

    private record Put(Clients clients, List<DirectoryChange> changes) {}

    private DirectoryChanges(
            Pool pool, Optional<Function<DirectoryChange, AuditRow>> journal, Consumer<List<DirectoryChange>> made) {
        this.pool = Objects.requireNonNull(pool, "pool");
        this.journal = Objects.requireNonNull(journal, "journal");
        this.made = Objects.requireNonNull(made, "made");
    }

    /** For changes that somebody else writes down. */
    public DirectoryChanges(Pool pool) {
        this(pool, Optional.empty(), _ -> {});
    }

    /**
     * The same changes of the same directory.
     *
     * @param listener told what was made together, once it is
     */
    public DirectoryChanges tellingOf(Consumer<List<DirectoryChange>> listener) {
        return new DirectoryChanges(pool, journal, listener);
    }

    /** Writes each change into the audit log in its own transaction, so that none is made without. */
    public static DirectoryChanges writtenDown(Pool pool, Function<DirectoryChange, AuditRow> journal) {
        return new DirectoryChanges(pool, Optional.of(journal), _ -> {});
    }

    /** Makes the changes in their order, all or none. */
    public Future<Void> make(List<DirectoryChange> changes, Scope scope, Consent consent) {
        return change(client -> {
                    DirectoryRoles roles = new DirectoryRoles(client);
                    DirectoryStatements statements = new DirectoryStatements(client);
                    return roles.before(changes, consent)
                            .compose(before -> inTurn(
                                            changes,
                                            change -> permit(client, change, changes, scope)
                                                    .compose(_ -> statements.make(change)))
                                    .compose(_ -> roles.compare(before, changes)))
                            .compose(_ -> note(client, changes));
                })
                .onSuccess(_ -> made.accept(changes));
    }

    /**
     * Makes clients of an organisation be there with these keys; all of them or none. Those that have the key already are left
     * alone; of others the key of that name is replaced.
     *
     * @param keys by the clients' names
     */
    public Future<Clients> putClients(String orgName, Map<String, DirectoryKey> keys) {
        return change(client -> {
                    DirectoryStatements statements = new DirectoryStatements(client);
                    return statements
                            .guid(orgName)
                            .compose(guid -> statements
                                    .createClients(guid, keys)
                                    .compose(created -> statements
                                            .changeClients(guid, keys)
                                            .compose(changed -> {
                                                Put put = new Put(
                                                        new Clients(created.size(), changed.size()),
                                                        changes(orgName, keys, created, changed));
                                                return note(client, put.changes())
                                                        .map(put);
                                            })));
                })
                .onSuccess(put -> made.accept(put.changes()))
                .map(Put::clients);
    }

    private static List<DirectoryChange> changes(
            String orgName, Map<String, DirectoryKey> keys, Set<String> created, Set<String> changed) {
        List<DirectoryChange> changes = new ArrayList<>();
        created.forEach(name -> changes.add(new DirectoryChange.CreateClient(orgName, name, keys.get(name))));
        changed.forEach(
                name -> changes.add(new DirectoryChange.AddKey(new KeyHolder.Client(orgName, name), keys.get(name))));
        return changes;
    }

    /**
     * Deletes some of the jobs that have ended in an organisation that is to be deleted, with all that belongs to them: all of
     * them at once could be too much for one transaction. Fails where the deletion would be refused.
     *
     * @param limit how many at most
     * @return how many
     */
    public Future<Integer> deleteJobsBefore(DirectoryChange.DeleteOrganisation deletion, int limit) {
        return change(client -> new DirectoryStatements(client).deleteJobsBefore(deletion, limit));
    }

    /** Disconnects the agents that were let in by keys that have expired since this was done last. */
    public Future<Void> endExpired() {
        return change(client -> new DirectoryStatements(client).endExpired());
    }

    /** @param all changes that are made together */
    private static Future<Void> permit(
            SqlClient client, DirectoryChange change, List<DirectoryChange> all, Scope scope) {
        return switch (scope) {
            case Scope.Server _ -> Future.succeededFuture();
            case Scope.Organisation(String orgName) -> {
                if (!change.orgName().orElse(orgName).equals(orgName)) {
                    throw new IllegalArgumentException("not about organisation " + orgName + ": " + change.words());
                }
                yield change instanceof DirectoryChange.AddMember(String _, String user, DirectoryChange.Rank _)
                        ? permitMember(client, orgName, user, all)
                        : change.holder()
                                .filter(KeyHolder.User.class::isInstance)
                                .map(user -> permitUser(client, orgName, user.name()))
                                .orElseGet(Future::succeededFuture);
            }
        };
    }

    /** Somebody else's user does not become one of theirs, whose keys they could change. */
    private static Future<Void> permitMember(SqlClient client, String orgName, String user, List<DirectoryChange> all) {
        boolean isNew = all.stream()
                .anyMatch(other ->
                        other instanceof DirectoryChange.CreateUser(String name, DirectoryKey _) && name.equals(user));
        if (isNew) {
            return Future.succeededFuture();
        }
        return DirectoryStatements.rows(client, DirectorySql.MEMBERSHIPS, Tuple.of(user, orgName))
                .compose(rows -> rows.getFirst().getInteger("here") > 0
                        ? Future.succeededFuture()
                        : Future.failedFuture(new ServerException(
                                403,
                                "user '" + user + "' exists and is no member of organisation '" + orgName
                                        + "'; only the server's operator may make him one, by the command line")));
    }

    private static Future<Void> permitUser(SqlClient client, String orgName, String user) {
        return DirectoryStatements.rows(client, DirectorySql.MEMBERSHIPS, Tuple.of(user, orgName))
                .compose(rows -> {
                    Row found = rows.getFirst();
                    if (found.getInteger("here") == 0) {
                        return DirectoryStatements.missing("user '" + user + "' in organisation '" + orgName + "'");
                    }
                    return found.getInteger("elsewhere") == 0
                            ? Future.succeededFuture()
                            : Future.failedFuture(new ServerException(
                                    403,
                                    "user '" + user
                                            + "' belongs to another organisation, too; only the server's operator may"
                                            + " change him, by the command line"));
                });
    }

    private Future<Void> note(SqlClient client, List<DirectoryChange> changes) {
        if (journal.isEmpty() || changes.isEmpty()) {
            return Future.succeededFuture();
        }
        return AuditStore.append(client, changes.stream().map(journal.get()).toList());
    }

    private <T> Future<T> change(Function<SqlClient, Future<T>> statements) {
        return StoreErrors.translated(
                pool.withTransaction(client -> client.query(IN_TURN).execute().compose(_ -> statements.apply(client))));
    }

    private static Future<Void> inTurn(List<DirectoryChange> changes, Function<DirectoryChange, Future<Void>> action) {
        Future<Void> done = Future.succeededFuture();
        for (DirectoryChange change : changes) {
            done = done.compose(_ -> action.apply(change));
        }
        return done;
    }
}
