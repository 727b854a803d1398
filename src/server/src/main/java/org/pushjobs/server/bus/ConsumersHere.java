package org.pushjobs.server.bus;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.shareddata.LocalMap;

/**
 * Which addresses have a consumer in this process. What is sent to one of them stays here without a question to the cluster, which
 * may be slow to answer just then: a member that stands still is noticed after seconds. Usable from any thread.
 */
final class ConsumersHere {
    private ConsumersHere() {}

    private static LocalMap<String, Boolean> addresses(Vertx vertx) {
        return vertx.sharedData().getLocalMap("pushjobs.consumers-here");
    }

    /** Until it is unregistered. */
    static void add(Vertx vertx, MessageConsumer<?> consumer) {
        LocalMap<String, Boolean> addresses = addresses(vertx);
        addresses.put(consumer.address(), true);
        consumer.endHandler(_ -> addresses.remove(consumer.address()));
    }

    static boolean has(Vertx vertx, String address) {
        return addresses(vertx).containsKey(address);
    }
}
