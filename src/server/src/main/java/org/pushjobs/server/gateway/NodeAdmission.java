package org.pushjobs.server.gateway;

import io.vertx.core.Future;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.store.Claimant;
import org.pushjobs.server.store.NodeKey;

/** Lets the agents of nodes connect to the command port, and shuts them out; usable from any verticle. */
public interface NodeAdmission {
    /**
     * Stores the claim and admits its key. Once this succeeds an agent may connect with it, now and after a restart. Others may
     * have claimed the same key: who speaks with it is found out by what is signed.
     */
    Future<Void> admit(NodeKey key);

    /**
     * The directory says that there is nobody of this name in the organisation: the keys that they claimed go, and connections
     * with them are closed at once. Costs nothing where there are none.
     */
    void revoke(String orgGuid, Claimant claimant);

    /** Rises whenever keys are revoked, before it is known whose; what the directory said until then may be out of date. */
    long revocations();

    /**
     * Notes for people that a node was handed its configuration.
     *
     * @param address of who asked
     */
    void configFetched(NodeRef node, String address);

    /**
     * Notes for people that somebody was refused a node's configuration.
     *
     * @param address of who asked
     * @param status of HTTP, 400 to 499
     * @param detail what the answer said
     */
    void configRefused(NodeRef node, String address, int status, String detail);

    /** A request for a configuration got what the directory says it should get: nodes can ask now. */
    void configAnswered();

    /** A request for a configuration failed through no fault of its own. */
    void configFailed();
}
