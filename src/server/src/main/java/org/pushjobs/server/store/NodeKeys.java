package org.pushjobs.server.store;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;

/** Where the claims of agents' keys are kept. Usable from any thread; fails like {@link JobStore}. */
public interface NodeKeys {
    /** Every claim, the longest unused first. */
    Future<List<NodeKey>> all();

    /** The claims of a key, the newest last; empty when nobody claimed it. */
    Future<List<NodeKey>> find(String publicKey);

    /** Stores the claim, or the time of its newest use, and forgets the oldest of node and claimant beyond the limit. */
    Future<Void> put(NodeKey key);

    /**
     * Forgets what somebody claimed, because there is nobody of the name any more, and tells all servers.
     *
     * @param before claims that are newer stay: there is somebody of the name again
     */
    Future<Void> revoke(String orgGuid, Claimant claimant, Instant before);

    /**
     * Forgets claims that were not used for long.
     *
     * @return those that stay, because they were used on another server since
     */
    Future<List<NodeKey>> purge(List<NodeKey> unused);
}
