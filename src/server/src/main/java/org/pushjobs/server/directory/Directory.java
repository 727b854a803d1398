package org.pushjobs.server.directory;

import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** Where organisations, users, clients and groups come from (architecture.md, "Directories of principals"). */
public interface Directory {
    /** Empty when there is no organisation of this name. */
    Future<Optional<Organisation>> organisation(String orgName);

    /**
     * Everyone of this name in the organisation's eyes: a user, a client or both, one entry for each key. Empty when there
     * is nobody. Fails with an {@link UnknownOrganisationException} when there is no organisation of this name any more.
     */
    Future<List<Principal>> principals(String orgName, String name);

    /** Direct members of a group; empty when the organisation has no such group. */
    Future<Optional<Group>> group(String orgName, String groupName);
}
