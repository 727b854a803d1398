package org.pushjobs.server.directory;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.server.store.DirectoryStore;

/**
 * The directory of a server without a Chef server: everything is in the server's own database, put there by
 * {@link DirectoryCommand}. Organisations and keys that are there, and groups, are remembered for a short time, so that
 * somebody who asks every second does not cost four statements each time. Organisations and keys that are not there are asked
 * for anew. Who must not rely on what is remembered asks by {@link #recent} and {@link #present}. Usable from any thread.
 */
public final class StandaloneDirectory extends RememberingDirectory {
    private static final int MAX_ORGANISATIONS = 10_000;
    private static final int MAX_KEYS = 20_000;
    private static final int MAX_GROUP_MEMBERS = 100_000;

    private record Named(String orgName, String name) {}

    private final DirectoryStore store;
    private final LookUpCache<String, Optional<Organisation>> organisations;
    private final LookUpCache<Named, List<Principal>> principals;
    private final LookUpCache<Named, Optional<Group>> groups;

    /** @param cacheTime how long a key that was removed, or what groups there were, may still count; zero for not at all */
    public StandaloneDirectory(DirectoryStore store, Duration cacheTime, Vertx vertx) {
        this(store, cacheTime, Timing.of(vertx));
    }

    /** @param timing of what is remembered */
    StandaloneDirectory(DirectoryStore store, Duration cacheTime, Timing timing) {
        super(timing);
        this.store = Objects.requireNonNull(store, "store");
        this.organisations = new LookUpCache<>(
                MAX_ORGANISATIONS, _ -> 1, found -> found.isPresent() ? cacheTime : Duration.ZERO, timing);
        this.principals = new LookUpCache<>(
                MAX_KEYS, found -> 1 + found.size(), found -> found.isEmpty() ? Duration.ZERO : cacheTime, timing);
        this.groups = new LookUpCache<>(
                MAX_GROUP_MEMBERS,
                found -> found.map(StandaloneDirectory::weight).orElse(1),
                _ -> cacheTime,
                timing);
    }

    /** Somebody was deleted, or a whole organisation: what is remembered no longer counts. */
    public void somebodyWasDeleted() {
        organisations.forgetAll();
        principals.forgetAll();
        groups.forgetAll();
    }

    private static int weight(Group group) {
        return 1
                + group.users().size()
                + group.clients().size()
                + group.groups().size();
    }

    @Override
    Future<Optional<Organisation>> organisation(String orgName, Age age) {
        return organisations.get(
                orgName,
                age,
                () -> store.organisationGuid(orgName).map(guid -> guid.map(found -> new Organisation(orgName, found))));
    }

    @Override
    Future<List<Principal>> principals(String orgName, String name, Age age) {
        return principals.get(
                new Named(orgName, name),
                age,
                () -> store.keys(orgName, name)
                        .map(keys ->
                                keys.stream().map(key -> principal(name, key)).toList()));
    }

    private static Principal principal(String name, DirectoryStore.KeyRow key) {
        Principal.Type type = switch (key.owner()) {
            case USER -> Principal.Type.USER;
            case CLIENT -> Principal.Type.CLIENT;
        };
        return new Principal(name, type, key.publicKeyPem(), key.orgMember());
    }

    @Override
    Future<Optional<Group>> group(String orgName, String groupName, Age age) {
        return groups.get(
                new Named(orgName, groupName),
                age,
                () -> store.group(orgName, groupName)
                        .map(group -> group.map(row -> new Group(row.users(), row.clients(), row.groups()))));
    }
}
