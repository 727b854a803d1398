package org.pushjobs.workstation.node;

import java.time.Instant;
import java.util.List;
import org.pushjobs.workstation.remote.NodeState;
import org.pushjobs.workstation.screen.Screen;
import org.pushjobs.workstation.screen.Spans;
import org.pushjobs.workstation.screen.Table;
import org.pushjobs.workstation.screen.Table.Cell;

/** Nodes as a table with totals. What the server does not know is left out. */
final class NodeTable {
    private final List<NodeState> states;
    private final Instant now;

    NodeTable(List<NodeState> states, Instant now) {
        this.states = states;
        this.now = now;
    }

    void print(Screen screen, NodeView view) {
        Table table = switch (view) {
            case LINES, TABLE -> narrow();
            case WIDE -> wide();
        };
        if (!states.isEmpty()) {
            table.print(screen, "");
            screen.out().println();
        }
        long available = states.stream().filter(NodeState::isAvailable).count();
        screen.out()
                .println(states.size() + (states.size() == 1 ? " node: " : " nodes: ") + available + " available, "
                        + (states.size() - available) + " unavailable");
    }

    private Table narrow() {
        Table table = new Table("NODE", "STATE", "LAST SEEN", "WHY");
        for (NodeState state : states) {
            table.add(name(state), availability(state), lastSeen(state), why(state));
        }
        return table;
    }

    private Table wide() {
        Table table = new Table("NODE", "STATE", "LAST SEEN", "HOST", "ADDRESS", "PROTOCOL", "JOB", "WHY");
        for (NodeState state : states) {
            table.add(
                    name(state),
                    availability(state),
                    lastSeen(state),
                    Cell.of(state.host().orElse("")),
                    Cell.of(state.address().orElse("")),
                    Cell.of(state.version().orElse("")),
                    Cell.of(state.jobId().orElse("")),
                    why(state));
        }
        return table;
    }

    private static Cell name(NodeState state) {
        return Cell.of(state.node());
    }

    private static Cell availability(NodeState state) {
        return Cell.status(state.availability());
    }

    private Cell lastSeen(NodeState state) {
        return Cell.of(state.lastSeen().map(at -> Spans.ago(at, now)).orElse(""));
    }

    private static Cell why(NodeState state) {
        return Cell.of(state.isAvailable() ? "" : state.reasonCode().orElse(""));
    }
}
