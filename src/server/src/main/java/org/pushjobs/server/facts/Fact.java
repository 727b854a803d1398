package org.pushjobs.server.facts;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.message.NackReason;

/**
 * What a gateway knows of a node; what follows from it is for the term to say (cluster.md, "Facts and conclusions"). A session
 * has a number that rises in the life of its gateway. It gets another one as soon as messages of it may be lost: with a new
 * connection, and after messages that were not taken.
 */
public sealed interface Fact {
    NodeRef node();

    long session();

    /**
     * The node is here, and how it stands; the whole of it, so that the last one counts.
     *
     * @param incarnation id of the agent's process; empty when it has not spoken
     * @param changedAt when its availability last changed
     * @param silentMillis since it last sent something or made a connection
     */
    record Attached(
            NodeRef node,
            long session,
            String incarnation,
            Standing standing,
            Capabilities capabilities,
            Instant changedAt,
            long silentMillis)
            implements Fact {
        public Attached {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(incarnation, "incarnation");
            Objects.requireNonNull(standing, "standing");
            Objects.requireNonNull(capabilities, "capabilities");
            Objects.requireNonNull(changedAt, "changedAt");
        }
    }

    /**
     * The node is not here any more: its agent fell silent, stopped or was restarted.
     *
     * @param reason for people
     * @param how gateways of earlier versions do not say it
     */
    record Detached(NodeRef node, long session, String reason, Optional<Departure> how) implements Fact {
        public Detached {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(how, "how");
        }
    }

    /**
     * What the agent says that it does, said when it changes and again and again while it does not: at the first heartbeat of a
     * session, job and state, and at each whose number is a power of two. So it grows with the logarithm of time, and one that
     * is lost is not missed for ever.
     *
     * @param jobId the job; empty when the agent does nothing
     * @param heartbeats in a row that have said so, from 1
     */
    record Doing(NodeRef node, long session, JobState state, Optional<String> jobId, int heartbeats) implements Fact {
        public Doing {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(state, "state");
            Objects.requireNonNull(jobId, "jobId");
        }
    }

    /**
     * The agent has sent a message about a live job, other than a heartbeat or output. It is told until a term has
     * acknowledged it.
     *
     * @param report its number, rising by one in the life of the gateway, from 1
     * @param repeated whether an earlier term may have had it
     */
    record Said(NodeRef node, long session, long report, boolean repeated, AgentMessage message) implements Fact {
        public Said {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(message, "message");
        }

        /** The job that the message is about. */
        public String jobId() {
            return message.jobId().orElseThrow();
        }
    }

    /** Output of a command that runs; its agent sends it again until it is acknowledged. */
    record Wrote(NodeRef node, long session, AgentMessage.OutputChunk chunk) implements Fact {
        public Wrote {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(chunk, "chunk");
        }
    }

    /**
     * A commit or a run was not sent: the node is not available, has another session or none.
     *
     * @param refusal why its agent would not take the commit; empty when it may take it later
     */
    record Undelivered(NodeRef node, long session, String jobId, Optional<NackReason> refusal) implements Fact {
        public Undelivered {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(jobId, "jobId");
            Objects.requireNonNull(refusal, "refusal");
        }
    }
}
