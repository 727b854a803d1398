package org.pushjobs.config;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.protocol.config.Extensions;

/**
 * What agents are told, besides ports and heartbeats.
 *
 * @param serverName the server's name, the same for all processes that share the work
 * @param gatewayAddress host that they are told to connect to
 * @param validateClientNodeName whether a client may fetch only the configuration of the node of its own name
 * @param extensions what they are told to use besides protocol 2.0; empty for nothing
 * @param configLifetime after which they fetch their configuration again
 */
public record AgentsConfig(
        String serverName,
        String gatewayAddress,
        boolean validateClientNodeName,
        Optional<Extensions> extensions,
        Duration configLifetime) {
    /** Output of running commands that an agent may have on its way without an acknowledgement. */
    public static final int OUTPUT_WINDOW_BYTES = 256 * 1024;

    public AgentsConfig {
        Objects.requireNonNull(serverName, "serverName");
        Objects.requireNonNull(gatewayAddress, "gatewayAddress");
        Objects.requireNonNull(extensions, "extensions");
        Objects.requireNonNull(configLifetime, "configLifetime");
    }
}
