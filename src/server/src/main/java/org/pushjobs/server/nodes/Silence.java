package org.pushjobs.server.nodes;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.pushjobs.config.HealthConfig;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.gateway.AgentPort;
import org.pushjobs.server.gateway.Recipient;
import org.pushjobs.server.store.ToldConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges which nodes are silent, each by the interval that its agent was told, which is not this server's until it has fetched
 * its configuration anew (lifecycle.md, "Health"). Belongs to the event loop of {@link NodeSessions}.
 */
final class Silence {
    private static final Logger LOG = LoggerFactory.getLogger(Silence.class);

    private final HealthConfig health;
    private final AgentPort port;
    private final Function<NodeRef, Optional<ToldConfig>> lastTold;
    private final ListeningTime listening;
    private final Statements statements;

    /** @param lastTold what the node's newest configuration said */
    Silence(
            HealthConfig health,
            AgentPort port,
            Function<NodeRef, Optional<ToldConfig>> lastTold,
            ListeningTime listening,
            Statements statements) {
        this.health = Objects.requireNonNull(health, "health");
        this.port = Objects.requireNonNull(port, "port");
        this.lastTold = Objects.requireNonNull(lastTold, "lastTold");
        this.listening = Objects.requireNonNull(listening, "listening");
        this.statements = Objects.requireNonNull(statements, "statements");
    }

    HeartbeatHealth newHealth(Recipient agent) {
        return new HeartbeatHealth(rulesFor(agent), listening.millis());
    }

    /**
     * The node's agent has another connection, and may have been told something else before it made it. That it was not heard
     * before says nothing against it any more, or it would be down before it has had the time to say something.
     */
    void judge(Node node, Recipient agent) {
        node.judgeAnew(newHealth(agent), newHealth(agent));
    }

    private HeartbeatHealth.Rules rulesFor(Recipient agent) {
        return rules(port.told(agent)
                .map(ToldConfig::intervalMillis)
                .orElseGet(() -> Math.toIntExact(health.heartbeatInterval().toMillis())));
    }

    private HeartbeatHealth.Rules rules(int intervalMillis) {
        return new HeartbeatHealth.Rules(intervalMillis, health.decayWindow(), health.downThreshold());
    }

    /**
     * Whether its messages of the right time have ceased. An agent that was told a longer interval just now is judged by it,
     * before it has sent anything at the new pace; one whose large message waits to be read may have sent heartbeats after it.
     */
    boolean isSilent(Node node) {
        long now = listening.millis();
        if (!node.health().isDown(now) || isHeldUp(node)) {
            return false;
        }
        int told = lastTold.apply(node.ref()).map(ToldConfig::intervalMillis).orElse(0);
        if (told > node.health().intervalMillis()) {
            node.judgeBy(rules(told), now);
        }
        return node.health().isDown(now);
    }

    /** Whether all signs of life of a silent node have ceased. */
    boolean isWithoutLife(Node node) {
        return node.life().isDown(listening.millis());
    }

    /** It lives, but what it says is not taken. */
    void timeIsWrong(Node node) {
        if (!node.isOfWrongTime()) {
            node.timeIsWrong();
            statements.availabilityChanged(node);
            LOG.info(
                    "node is unavailable, the time of its messages is wrong; jobs that it has go on [org: {}, node: {}]",
                    node.orgName(),
                    node.ref().node());
        }
    }

    /** A message of the right time has come. */
    void timeIsRight(Node node) {
        if (node.isOfWrongTime()) {
            node.timeIsRight(newHealth(node.recipient()));
            statements.availabilityChanged(node);
            LOG.info(
                    "the time of the node's messages is right again [org: {}, node: {}]",
                    node.orgName(),
                    node.ref().node());
        }
    }

    private boolean isHeldUp(Node node) {
        int within = node.health().intervalMillis();
        return port.isHeldUp(node.recipient(), within)
                || node.nextRoute()
                        .filter(route -> port.isHeldUp(new Recipient(node.ref(), route), within))
                        .isPresent();
    }
}
