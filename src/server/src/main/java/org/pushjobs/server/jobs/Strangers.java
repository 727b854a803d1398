package org.pushjobs.server.jobs;

import java.util.List;
import java.util.Objects;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.Ending;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.server.facts.Fact;
import org.pushjobs.server.jobs.directory.NodeDirectory;

/**
 * Answers what agents say about jobs that are not live, or in which they have no part, and what their gateway could not tell from
 * what is wanted: it does so itself when it knows the live jobs (lifecycle.md, "Node session"). Belongs to the term's event loop.
 */
final class Strangers {
    private final NodeDirectory nodes;

    Strangers(NodeDirectory nodes) {
        this.nodes = Objects.requireNonNull(nodes, "nodes");
    }

    void said(Fact.Said fact) {
        switch (fact.message()) {
            case AgentMessage.Result result -> result(fact, result.ending().isPresent());
            case AgentMessage.AckCommit _, AgentMessage.AckRun _, AgentMessage.TimingOut _ -> drop(fact);
            case AgentMessage.NackCommit _,
                    AgentMessage.NackRun _,
                    AgentMessage.Aborted _,
                    AgentMessage.Heartbeat _,
                    AgentMessage.OutputChunk _,
                    AgentMessage.Goodbye _ -> {
                // it does nothing that would have to be dropped
            }
        }
    }

    /** @param isKept whether the agent keeps it until it is answered ({@link Ending}) */
    private void result(Fact.Said fact, boolean isKept) {
        if (isKept) {
            answer(fact.node(), new ServerMessage.AckResult(fact.jobId()));
        } else {
            drop(fact);
        }
    }

    /** Not where it takes part in a live job: what is told again is old, and what it does now is asked of it anyway. */
    private void drop(Fact.Said fact) {
        if (!fact.repeated() && nodes.jobsOf(fact.node()).isEmpty()) {
            nodes.rehabilitate(fact.node());
        }
    }

    void wrote(Fact.Wrote fact) {
        AgentMessage.OutputChunk chunk = fact.chunk();
        chunk.jobId()
                .ifPresent(id ->
                        answer(fact.node(), new ServerMessage.AckOutput(id, chunk.channel(), chunk.offset(), false)));
    }

    private void answer(NodeRef node, ServerMessage message) {
        nodes.send(node.orgGuid(), List.of(node.node()), message);
    }
}
