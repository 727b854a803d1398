package org.pushjobs.server.gateway;

import java.security.interfaces.RSAPrivateKey;
import java.time.Clock;
import java.util.Objects;
import org.pushjobs.protocol.codec.ServerMessageCodec;
import org.pushjobs.protocol.message.ServerHeartbeat;
import org.pushjobs.protocol.signing.RsaBodySignature;

/** Makes the server's signed heartbeats (wire-protocol.md, "Sockets"). Used from one thread. */
public final class HeartbeatPublisher {
    private final CommandPort port;
    private final String serverName;
    private final String incarnationId;
    private final RSAPrivateKey key;
    private final Clock clock;
    private long sequence;

    /** @param incarnationId of the cluster */
    public HeartbeatPublisher(
            CommandPort port, String serverName, String incarnationId, RSAPrivateKey key, Clock clock) {
        this.port = Objects.requireNonNull(port, "port");
        this.serverName = Objects.requireNonNull(serverName, "serverName");
        this.incarnationId = Objects.requireNonNull(incarnationId, "incarnationId");
        this.key = Objects.requireNonNull(key, "key");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /** To be called once each heartbeat interval; costs one RSA signature. */
    public void publish() {
        byte[] body =
                ServerMessageCodec.encode(new ServerHeartbeat(serverName, incarnationId, ++sequence, clock.instant()));
        port.broadcast(RsaBodySignature.header(body, key).encode(), body);
    }
}
