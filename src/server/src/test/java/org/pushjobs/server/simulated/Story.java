package org.pushjobs.server.simulated;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.NodeStatus;

/** A job, as it went until now. */
final class Story {
    private final String id;
    private final String command;
    private final Optional<String> key;
    private final long storedMillis;
    private final Map<String, Part> parts = new LinkedHashMap<>();
    private final List<String> events = new ArrayList<>();
    private final Set<Integer> startedBy = new LinkedHashSet<>();
    private JobStatus status = JobStatus.VOTING;
    private boolean ran;
    private boolean abortAsked;

    /** What a node did, and what is stored of it. */
    static final class Part {
        private NodeStatus status = NodeStatus.NEW;
        private String reason = "";
        private OptionalLong endedMillis = OptionalLong.empty();
        private int executions;
        private Optional<History.CommandEnd> end = Optional.empty();
        private boolean refused;
        private boolean resultLost;

        NodeStatus status() {
            return status;
        }

        String reason() {
            return reason;
        }

        OptionalLong endedMillis() {
            return endedMillis;
        }

        int executions() {
            return executions;
        }

        /** How its command really ended. */
        Optional<History.CommandEnd> end() {
            return end;
        }

        boolean refused() {
            return refused;
        }

        boolean resultLost() {
            return resultLost;
        }

        void became(NodeStatus to, String why, long millis) {
            status = to;
            reason = why;
            if (to.isTerminal()) {
                endedMillis = OptionalLong.of(millis);
            }
        }

        void executed() {
            executions++;
        }

        void ended(History.CommandEnd how) {
            end = Optional.of(how);
        }

        void refuses() {
            refused = true;
        }

        void losesResult() {
            resultLost = true;
        }
    }

    Story(History.JobStored stored, long millis) {
        this.id = stored.jobId();
        this.command = stored.command();
        this.key = stored.key();
        this.storedMillis = millis;
    }

    String id() {
        return id;
    }

    Work work() {
        return Work.of(command);
    }

    Optional<String> key() {
        return key;
    }

    long storedMillis() {
        return storedMillis;
    }

    Part part(String node) {
        return parts.computeIfAbsent(node, _ -> new Part());
    }

    Map<String, Part> parts() {
        return parts;
    }

    JobStatus status() {
        return status;
    }

    void became(JobStatus to) {
        status = to;
    }

    void addEvent(String event) {
        events.add(event);
        ran |= event.startsWith("quorum_succeeded");
    }

    /** Whether it is, or was, stored that its quorum is met. */
    boolean ran() {
        return ran;
    }

    /** In their order. */
    List<String> events() {
        return events;
    }

    void askAbort() {
        abortAsked = true;
    }

    boolean abortAsked() {
        return abortAsked;
    }

    /** Requests that were answered with it. */
    Set<Integer> startedBy() {
        return startedBy;
    }

    boolean wasExecuted() {
        return parts.values().stream().anyMatch(part -> part.executions() > 0);
    }

    @Override
    public String toString() {
        return id + " (" + work().name() + ")";
    }
}
