package org.pushjobs.server.gateway;

import io.vertx.core.Future;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.store.NodeKey;

/** Lets the agents of nodes connect to the command port; usable from any verticle. */
public interface NodeAdmission {
    /**
     * Stores the key and admits it. Once this succeeds an agent may connect with it, now and after a restart. Fails with a
     * {@link org.pushjobs.server.ServerException} of status 403 when the key is another node's.
     */
    Future<Void> admit(NodeKey key);

    /**
     * For servers without CURVE: makes an organisation's name known to the gateway, so that it can tell whose messages it
     * gets.
     */
    void learn(String orgName, String orgGuid);

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
}
