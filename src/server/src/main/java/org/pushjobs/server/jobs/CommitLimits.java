package org.pushjobs.server.jobs;

import java.util.List;
import java.util.Objects;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.server.jobs.directory.NodeDirectory;
import org.pushjobs.server.nodes.CommitSize;
import org.pushjobs.server.nodes.TooLarge;

/**
 * Finds the nodes whose agents would drop a commit for its size, before anything is sent: an agent that does not take a message
 * is silent. Agents of protocol 2.0 take what {@code max_body_size} says, ours say what they take. Belongs to the term's event
 * loop.
 */
final class CommitLimits {
    private final NodeDirectory nodes;
    private final int usualBytes;

    /** @param usualBytes what every agent takes: {@code max_body_size} */
    CommitLimits(NodeDirectory nodes, int usualBytes) {
        this.nodes = Objects.requireNonNull(nodes, "nodes");
        this.usualBytes = usualBytes;
    }

    /**
     * Nodes without a session are not among those that are found: the job finds them unavailable.
     *
     * @param commit as it will be sent, with an id of the usual length
     */
    List<TooLarge> refusing(String orgGuid, List<String> names, ServerMessage.Commit commit) {
        CommitSize size = CommitSize.of(commit);
        if (size.extendedBytes() <= usualBytes) {
            return List.of();
        }
        return names.stream()
                .flatMap(name -> nodes
                        .capabilities(new NodeRef(orgGuid, name))
                        .flatMap(agent -> size.refusedBy(name, agent, usualBytes))
                        .stream())
                .toList();
    }
}
