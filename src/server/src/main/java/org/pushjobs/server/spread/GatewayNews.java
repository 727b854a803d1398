package org.pushjobs.server.spread;

import java.util.Objects;

/**
 * What a gateway tells all processes, again and again, so that agents can be told of it.
 *
 * @param gateway its id, another one in each life
 * @param host name or address that agents connect to
 * @param heartbeatPort 1 to 65535
 * @param commandPort 1 to 65535
 * @param incarnationId that its heartbeats have, and so the configuration of its agents must have, whoever hands it out
 * @param agents how many are connected to it
 */
public record GatewayNews(
        String gateway,
        String host,
        int heartbeatPort,
        int commandPort,
        String incarnationId,
        int agents,
        Intake intake) {
    public GatewayNews {
        Objects.requireNonNull(gateway, "gateway");
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(incarnationId, "incarnationId");
        Objects.requireNonNull(intake, "intake");
    }

    /** The gateway that has just opened its ports. */
    public static GatewayNews opened(
            String gateway, String host, int heartbeatPort, int commandPort, String incarnationId) {
        return new GatewayNews(gateway, host, heartbeatPort, commandPort, incarnationId, 0, Intake.OPEN);
    }

    /** The same gateway with that many agents. */
    GatewayNews with(int nowAgents, Intake nowIntake) {
        return new GatewayNews(gateway, host, heartbeatPort, commandPort, incarnationId, nowAgents, nowIntake);
    }

    /** The same in each life of the gateway, as long as it is at the same place. */
    String place() {
        return host + ":" + commandPort;
    }
}
