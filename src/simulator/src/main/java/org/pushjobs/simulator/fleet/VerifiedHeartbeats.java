package org.pushjobs.simulator.fleet;

import java.time.Clock;
import java.util.Arrays;
import org.pushjobs.protocol.codec.RejectedMessageException;
import org.pushjobs.protocol.message.ServerHeartbeat;
import org.pushjobs.simulator.config.AgentConfig;

/**
 * Checks server heartbeats once for all agents of a loop that receive the same one: an RSA check for each of 9,000 agents
 * would be the most expensive thing that the simulator does. Not thread-safe.
 */
final class VerifiedHeartbeats {
    private final Clock clock;
    private byte[] lastHeader = {};
    private byte[] lastBody = {};
    private ServerHeartbeat last;

    VerifiedHeartbeats(Clock clock) {
        this.clock = clock;
    }

    ServerHeartbeat read(AgentConfig config, byte[] header, byte[] body) throws RejectedMessageException {
        if (last == null || !Arrays.equals(body, lastBody) || !Arrays.equals(header, lastHeader)) {
            last = config.reader(clock).readHeartbeat(header, body);
            lastHeader = header;
            lastBody = body;
        }
        return last;
    }
}
