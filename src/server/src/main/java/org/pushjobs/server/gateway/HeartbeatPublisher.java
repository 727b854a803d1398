package org.pushjobs.server.gateway;

import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPrivateKey;
import java.time.Clock;
import java.util.Objects;
import java.util.UUID;
import org.pushjobs.protocol.codec.ServerMessageCodec;
import org.pushjobs.protocol.message.ServerHeartbeat;
import org.pushjobs.protocol.signing.RsaBodySignature;

/** Makes the server's signed heartbeats (wire-protocol.md, "Sockets"). Used from one thread. */
public final class HeartbeatPublisher {
    private final HeartbeatPort port;
    private final String serverName;
    private final String incarnationId;
    private final String strangeIncarnationId;
    private final RSAPrivateKey key;
    private final Clock clock;
    private long sequence;

    private record Signed(byte[] header, byte[] body) {}

    /** @param incarnationId of the cluster */
    public HeartbeatPublisher(
            CommandPort port, String serverName, String incarnationId, RSAPrivateKey key, Clock clock) {
        this.port = port.heartbeats();
        this.serverName = Objects.requireNonNull(serverName, "serverName");
        this.incarnationId = Objects.requireNonNull(incarnationId, "incarnationId");
        this.strangeIncarnationId = UUID.nameUUIDFromBytes(
                        (incarnationId + " strange").getBytes(StandardCharsets.UTF_8))
                .toString();
        this.key = Objects.requireNonNull(key, "key");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /** To be called once each heartbeat interval; costs one RSA signature, two while agents are asked for something. */
    public void publish() {
        Signed heartbeat = heartbeat(incarnationId);
        port.broadcast(heartbeat.header(), heartbeat.body());
        if (port.asked() > 0) {
            Signed strange = heartbeat(strangeIncarnationId);
            port.broadcastToAsked(strange.header(), strange.body());
        }
    }

    /**
     * Has so many agents more fetch their configuration, each within an interval, or when its job has ended: they hear of an
     * incarnation that is not the one of their configuration (wire-protocol.md, "What the agent does with it"). Which agents these
     * are is not known. Costs one RSA signature.
     */
    public void askToFetch(int agents) {
        Signed strange = heartbeat(strangeIncarnationId);
        port.ask(agents, strange.header(), strange.body());
    }

    /** Agents that were asked and have not done so need not any more. */
    public void takeBack() {
        port.takeBack();
    }

    /** How many agents were asked and have neither gone elsewhere nor opened their sockets anew. */
    public int asked() {
        return port.asked();
    }

    /** How many agents could be asked. */
    public int unasked() {
        return port.unasked();
    }

    /** What configurations of this gateway say, and its heartbeats. */
    public String incarnationId() {
        return incarnationId;
    }

    private Signed heartbeat(String incarnation) {
        byte[] body =
                ServerMessageCodec.encode(new ServerHeartbeat(serverName, incarnation, ++sequence, clock.instant()));
        return new Signed(RsaBodySignature.header(body, key).encode(), body);
    }
}
