package org.pushjobs.server.nodes;

import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import java.util.List;
import java.util.Objects;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.bus.LocalCodec;

/**
 * Finds the nodes whose agents would drop a job for its size, so that whoever asks for it hears that at once and not that the nodes
 * were silent. Agents of protocol 2.0 take what {@code max_body_size} says, ours say what they take. Usable from any context.
 */
public final class CommitLimits {
    private final EventBus bus;
    private final int usualBytes;

    /** @param usualBytes what every agent takes: {@code max_body_size} */
    public CommitLimits(EventBus bus, int usualBytes) {
        this.bus = Objects.requireNonNull(bus, "bus");
        this.usualBytes = usualBytes;
    }

    /**
     * Nodes without a session are not among those that are found: the job finds them unavailable.
     *
     * @param commit as it will be sent, with an id of the usual length
     */
    public Future<List<TooLarge>> refusing(String orgGuid, List<String> nodes, ServerMessage.Commit commit) {
        CommitSize size = CommitSize.of(commit);
        if (size.extendedBytes() <= usualBytes) {
            return Future.succeededFuture(List.of());
        }
        return bus.<List<TooLarge>>request(
                        NodeSessions.QUERIES, new NodeQuery.Refusing(orgGuid, nodes, size), LocalCodec.options())
                .map(Message::body)
                .recover(failure -> Future.failedFuture(ServerException.unavailable(
                        "the job was not started: the node sessions are not ready: " + failure.getMessage())));
    }
}
