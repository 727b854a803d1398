package org.pushjobs.server.facts;

import java.util.List;
import java.util.Objects;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.message.ServerMessage;

/** What a term wants of a gateway (cluster.md, "Facts and conclusions"). */
public sealed interface Order {
    /**
     * A node, and the session in which the term knows it; the gateway sends commits and runs in this session only.
     */
    record Addressee(NodeRef node, long session) {
        public Addressee {
            Objects.requireNonNull(node, "node");
        }
    }

    /** A live job: what its nodes say about it is wanted, and they are not strangers when they come back. */
    record Watched(String jobId, String orgGuid, List<String> nodes) {
        public Watched {
            Objects.requireNonNull(jobId, "jobId");
            Objects.requireNonNull(orgGuid, "orgGuid");
            nodes = List.copyOf(nodes);
        }
    }

    /** These are all the live jobs; holds whatever was ordered before. The first order of a term. */
    record WatchAll(List<Watched> jobs) implements Order {
        public WatchAll {
            jobs = List.copyOf(jobs);
        }
    }

    /** There is another live job. */
    record Watch(Watched job) implements Order {}

    /** The job has ended. */
    record Unwatch(String jobId) implements Order {}

    /**
     * Sends a message to each of the nodes. Nodes in rehab get nothing but aborts and acknowledgements, and agents of protocol
     * 2.0 no run time. A commit or run that is not sent comes back as {@link Fact.Undelivered}.
     */
    record Send(List<Addressee> nodes, ServerMessage message) implements Order {
        public Send {
            nodes = List.copyOf(nodes);
            Objects.requireNonNull(message, "message");
        }
    }

    /** Aborts the node's agent until it answers {@code aborted}. */
    record Rehabilitate(Addressee node) implements Order {}

    /** What came of the reports up to this number is stored: the gateway needs not keep them. */
    record AckReports(long upTo) implements Order {}

    /** Facts are missing: tell the whole of them. */
    record TellAll() implements Order {}
}
