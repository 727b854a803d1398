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

    /**
     * The same directory for somebody who starts or changes something: nothing counts that it was asked for more than a
     * second before this call. One that remembers nothing is that already.
     */
    default Directory recent() {
        return this;
    }

    /**
     * The same directory for somebody who is about to be refused: nothing counts that it was asked for before this call
     * (request-signing.md, "Ask again before you refuse"). Each question goes out at most once a second, who comes too
     * early waits for that; and all of them together are bounded, beyond that they fail with status 503. One that remembers
     * nothing is that already.
     */
    default Directory present() {
        return this;
    }
}
