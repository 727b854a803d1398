package org.pushjobs.server.jobs.machine;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.pushjobs.server.jobs.model.NodeStatus;

/** A table of cells as text, one line each: event, node status before, node status after, effects. */
final class CellTable {
    private record Cell(String event, NodeStatus before, NodeStatus after, String effects) {}

    private final List<Cell> cells = new ArrayList<>();

    CellTable(String text) {
        for (String line : text.lines().toList()) {
            String[] columns = line.split("\\|", -1);
            cells.add(new Cell(columns[0].strip(), status(columns[1]), status(columns[2]), columns[3].strip()));
        }
    }

    Stream<Arguments> arguments() {
        return cells.stream().map(cell -> Arguments.of(cell.event, cell.before, cell.after, cell.effects));
    }

    /** Event and status of every cell that the table must have and has not. */
    Set<String> missing(Set<String> events, Set<NodeStatus> statuses) {
        Set<String> missing = new HashSet<>();
        events.forEach(event -> statuses.forEach(status -> missing.add(event + " " + status)));
        cells.forEach(cell -> missing.remove(cell.event + " " + cell.before));
        return missing;
    }

    private static NodeStatus status(String label) {
        return Stream.of(NodeStatus.values())
                .filter(status -> status.label().equals(label.strip()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no node status is called " + label));
    }
}
