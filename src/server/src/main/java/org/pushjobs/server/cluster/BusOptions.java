package org.pushjobs.server.cluster;

import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.pushjobs.config.ClusterConfig;

/** The event bus between members: TLS 1.3 in which both sides show the one certificate, and times that end. */
final class BusOptions {
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration HANDSHAKE = Duration.ofSeconds(3);
    private static final Duration PING = Duration.ofSeconds(2);
    private static final Duration PONG = Duration.ofSeconds(4);

    private BusOptions() {}

    static EventBusOptions of(ClusterConfig cluster, BusIdentity identity) {
        return new EventBusOptions()
                .setHost(cluster.address())
                .setPort(cluster.busPort())
                .setSsl(true)
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.3"))
                .setClientAuth(ClientAuth.REQUIRED)
                .setTrustAll(false)
                .setKeyCertOptions(identity.own())
                .setTrustOptions(identity.trusted())
                .setSslHandshakeTimeout(HANDSHAKE.toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setConnectTimeout((int) CONNECT.toMillis())
                .setTcpNoDelay(true)
                // messages to a member that stands still wait in memory until then
                .setClusterPingInterval(PING.toMillis())
                .setClusterPingReplyInterval(PONG.toMillis());
    }
}
