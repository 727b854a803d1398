package org.pushjobs.server.directory;

import io.vertx.core.Future;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.server.store.DirectoryStore;

/**
 * The directory of a server without a Chef server: everything is in the server's own database, put there by
 * {@link DirectoryCommand}. Nothing is cached, so a change counts at once. Usable from any thread.
 */
public final class StandaloneDirectory implements Directory {
    private final DirectoryStore store;

    public StandaloneDirectory(DirectoryStore store) {
        this.store = Objects.requireNonNull(store, "store");
    }

    @Override
    public Future<Optional<Organisation>> organisation(String orgName) {
        return store.organisationGuid(orgName).map(guid -> guid.map(found -> new Organisation(orgName, found)));
    }

    @Override
    public Future<List<Principal>> principals(String orgName, String name) {
        return store.keys(orgName, name)
                .map(keys -> keys.stream().map(key -> principal(name, key)).toList());
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
        return store.group(orgName, groupName)
                .map(group -> group.map(row -> new Group(row.users(), row.clients(), row.groups())));
    }
}
