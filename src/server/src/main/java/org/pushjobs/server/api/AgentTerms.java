package org.pushjobs.server.api;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.config.AgentsConfig;
import org.pushjobs.config.GatewayConfig;
import org.pushjobs.config.ServerConfig;
import org.pushjobs.config.secrets.Secrets;
import org.pushjobs.protocol.config.ConfigDocument;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.server.store.ToldConfig;

/** What all agents are told alike: the configuration document but for what is one node's. */
public record AgentTerms(
        AgentsConfig agents,
        GatewayConfig gateway,
        Duration heartbeatInterval,
        Secrets secrets,
        AgentEndpoint endpoint) {
    /** What real agents need to survive an outage while they run a command (wire-protocol.md, rule 6). */
    private static final int OFFLINE_THRESHOLD = 3;

    private static final int ONLINE_THRESHOLD = 2;

    public AgentTerms {
        Objects.requireNonNull(agents, "agents");
        Objects.requireNonNull(gateway, "gateway");
        Objects.requireNonNull(heartbeatInterval, "heartbeatInterval");
        Objects.requireNonNull(secrets, "secrets");
        Objects.requireNonNull(endpoint, "endpoint");
    }

    /** What the server of these settings and secrets tells agents who connect to the endpoint. */
    public static AgentTerms of(ServerConfig config, Secrets secrets, AgentEndpoint endpoint) {
        return new AgentTerms(
                config.agents(), config.gateway(), config.health().heartbeatInterval(), secrets, endpoint);
    }

    /**
     * The document for one node.
     *
     * @param sessionKey wrapped for the receiver
     */
    ConfigDocument document(String node, String orgName, String sessionKey, String incarnationId) {
        return new ConfigDocument(
                endpoint.host(),
                endpoint.heartbeatAddress(),
                endpoint.commandAddress(),
                heartbeatInterval.toMillis() / 1000.0,
                OFFLINE_THRESHOLD,
                ONLINE_THRESHOLD,
                node,
                orgName,
                PemKeys.toPem(secrets.heartbeatPublicKey()),
                gateway.clearText() ? Optional.empty() : Optional.of(secrets.curvePublicKey()),
                sessionKey,
                Math.toIntExact(agents.configLifetime().toSeconds()),
                Math.toIntExact(gateway.messages().maxMessageSkew().toSeconds()),
                gateway.messages().maxBodySizeBytes(),
                incarnationId,
                agents.extensions());
    }

    /**
     * Hex SHA-256 of the document with nothing of a node in it: whatever is added to the document is in it, too. The same on
     * all servers that say the same.
     */
    public String fingerprint() {
        try {
            byte[] document = document("", "", "", "").toJson();
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(document));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime lacks SHA-256", e);
        }
    }

    /** What is remembered of the document for the node that got it. */
    public ToldConfig told() {
        return new ToldConfig(
                endpoint.heartbeatAddress(), endpoint.commandAddress(), Math.toIntExact(heartbeatInterval.toMillis()));
    }
}
