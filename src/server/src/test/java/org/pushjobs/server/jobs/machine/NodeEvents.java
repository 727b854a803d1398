package org.pushjobs.server.jobs.machine;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pushjobs.protocol.message.Output;

/** Events of a node by name; the names are those of the tables. */
final class NodeEvents {
    static final Output OUTPUT = new Output("out", "err");

    private NodeEvents() {}

    static JobEvent named(String name, String node) {
        return switch (name) {
            case "AckCommit" -> new JobEvent.AckCommit(node);
            case "NackCommit" -> new JobEvent.NackCommit(node);
            case "AckRun" -> new JobEvent.AckRun(node);
            case "NackRun" -> new JobEvent.NackRun(node);
            case "Succeeded" -> new JobEvent.Succeeded(node, Optional.of(OUTPUT));
            case "Failed" -> new JobEvent.Failed(node, Optional.of(OUTPUT));
            case "TimingOut" -> new JobEvent.TimingOut(node);
            case "Aborted" -> new JobEvent.Aborted(node);
            case "Down" -> new JobEvent.Down(node);
            case "Unreachable" -> new JobEvent.Unreachable(node);
            case "InDoubt" -> new JobEvent.InDoubt(node);
            case "ReportsCommitted" -> new JobEvent.ReportsCommitted(node);
            case "ReportsRunning" -> new JobEvent.ReportsRunning(node);
            case "ReportsIdle" -> new JobEvent.ReportsIdle(node);
            default -> throw new IllegalArgumentException("no event is called " + name);
        };
    }

    /** The name of every event of a node that there is. */
    static Set<String> names() {
        return Arrays.stream(JobEvent.OfNode.class.getPermittedSubclasses())
                .flatMap(type -> type.isSealed() ? Arrays.stream(type.getPermittedSubclasses()) : Stream.of(type))
                .map(Class::getSimpleName)
                .collect(Collectors.toSet());
    }
}
