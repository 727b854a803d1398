package org.pushjobs.server.directory;

import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.server.store.DirectoryStore;

/**
 * The directory of a server without a Chef server: everything is in the server's own database, put there by
 * {@link DirectoryCommand}. Organisations and keys that are there, and groups, are remembered for a short time, so that
 * somebody who asks every second does not cost four statements each time. Organisations and keys that are not there are asked
 * for anew. Usable from any thread.
 */
public final class StandaloneDirectory implements Directory {
    private static final int MAX_ORGANISATIONS = 10_000;
    private static final int MAX_KEYS = 20_000;
    private static final int MAX_GROUP_MEMBERS = 100_000;

    private record Named(String orgName, String name) {}

    private final DirectoryStore store;
    private final LookUpCache<String, Optional<Organisation>> organisations;
    private final LookUpCache<Named, List<Principal>> principals;
    private final LookUpCache<Named, Optional<Group>> groups;

    /** @param cacheTime how long a key that was removed, or what groups there were, may still count; zero for not at all */
    public StandaloneDirectory(DirectoryStore store, Duration cacheTime, Clock clock) {
        this.store = Objects.requireNonNull(store, "store");
        this.organisations = new LookUpCache<>(
                MAX_ORGANISATIONS, _ -> 1, found -> found.isPresent() ? cacheTime : Duration.ZERO, clock);
        this.principals = new LookUpCache<>(
                MAX_KEYS, found -> 1 + found.size(), found -> found.isEmpty() ? Duration.ZERO : cacheTime, clock);
        this.groups = new LookUpCache<>(
                MAX_GROUP_MEMBERS,
                found -> found.map(StandaloneDirectory::weight).orElse(1),
                _ -> cacheTime,
                clock);
    }

    /** Somebody was deleted: what is remembered of users and clients no longer counts. */
    public void somebodyWasDeleted() {
        principals.forgetAll();
    }

    private static int weight(Group group) {
        return 1
                + group.users().size()
                + group.clients().size()
                + group.groups().size();
    }

    @Override
    public Future<Optional<Organisation>> organisation(String orgName) {
        return organisations.get(
                orgName,
                () -> store.organisationGuid(orgName).map(guid -> guid.map(found -> new Organisation(orgName, found))));
    }

    @Override
    public Future<List<Principal>> principals(String orgName, String name) {
        return principals.get(
                new Named(orgName, name),
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
    public Future<Optional<Group>> group(String orgName, String groupName) {
        return groups.get(
                new Named(orgName, groupName),
                () -> store.group(orgName, groupName)
                        .map(group -> group.map(row -> new Group(row.users(), row.clients(), row.groups()))));
    }
}
