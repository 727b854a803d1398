package org.pushjobs.simulator.fleet;

import java.net.URI;
import java.security.interfaces.RSAPrivateKey;
import java.time.Duration;
import java.util.Objects;
import org.pushjobs.simulator.script.Cast;

/**
 * What a fleet of simulated agents is like.
 *
 * @param organisation {@code http://HOST:PORT/organizations/ORG}
 * @param clientKey of all nodes
 * @param nodes how many, at least 1
 * @param names of the nodes
 * @param kind what the agents are like
 * @param protocol the newest that they speak
 * @param subscription who listens to the server's heartbeats
 * @param cast what agents do about jobs whose command is no script
 * @param startsPerSecond how fast agents are started; 0 starts all at once
 * @param reconnectPause between attempts to connect; each is up to twice as long
 * @param configConnections over which configurations are fetched, at most
 * @param eventLoops threads that carry the agents
 */
public record FleetSettings(
        URI organisation,
        RSAPrivateKey clientKey,
        int nodes,
        NodeNames names,
        Kind kind,
        Protocol protocol,
        Subscription subscription,
        Cast cast,
        int startsPerSecond,
        Duration reconnectPause,
        int configConnections,
        int eventLoops) {
    /** What agents are like. */
    public enum Kind {
        /** They read for as long as they live, and keep results until these can arrive. */
        HEALING,
        /** The same, and they ask for their configuration when nobody listens at their server's address any more. */
        ROAMING,
        /** Exactly as the original's, which stop reading when a new connection stays silent. */
        DEAF;

        /** Whether what such an agent hears, or cannot hear, decides what it does. */
        public boolean needsOwnSubscription() {
            return this != HEALING;
        }
    }

    /** What agents speak. */
    public enum Protocol {
        /** 2.0, whatever the server understands. */
        PLAIN,
        /** 2.1 for results, where the server understands it: they are kept until they are acknowledged. */
        EXTENDED
    }

    /** Who listens to the server's heartbeats. */
    public enum Subscription {
        /** One connection for the whole process. */
        SHARED,
        /** One connection for each agent, as in life. */
        OWN
    }

    public FleetSettings {
        Objects.requireNonNull(organisation, "organisation");
        Objects.requireNonNull(clientKey, "clientKey");
        Objects.requireNonNull(names, "names");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(protocol, "protocol");
        Objects.requireNonNull(subscription, "subscription");
        Objects.requireNonNull(cast, "cast");
        Objects.requireNonNull(reconnectPause, "reconnectPause");
        if (kind.needsOwnSubscription() && subscription != Subscription.OWN) {
            throw new IllegalArgumentException(kind + " agents hear the server each by a subscription of its own");
        }
        if (kind == Kind.DEAF && protocol != Protocol.PLAIN) {
            throw new IllegalArgumentException("deaf agents speak protocol 2.0, as the original's do");
        }
    }

    /** The name of the organisation, the end of its address. */
    public String orgName() {
        String path = organisation.getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
