package org.pushjobs.workstation.node;

import static org.pushjobs.workstation.screen.Screen.printable;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.pushjobs.workstation.remote.Connector;
import org.pushjobs.workstation.remote.NodeState;
import org.pushjobs.workstation.remote.PushJobsClient;
import org.pushjobs.workstation.remote.ServerFailure;
import org.pushjobs.workstation.screen.Display;
import org.pushjobs.workstation.screen.FormatOption;
import org.pushjobs.workstation.screen.Screen;
import org.pushjobs.workstation.settings.ConnectionOptions;
import org.pushjobs.workstation.settings.InvalidSettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code pushjobs node status}: which nodes take jobs (agent-and-cli.md). A table on a terminal, knife's lines elsewhere and
 * under knife's name, which also shows only the nodes that knife shows.
 */
@Command(
        name = "status",
        description = "Show which nodes are available for jobs, and why others are not.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  pushjobs node status",
            "  pushjobs node status -o wide",
            "  pushjobs node status web-1 web-2",
            "  pushjobs node status --why"
        })
public final class NodeStatus implements Callable<Integer> {
    @Mixin
    private ConnectionOptions.Common connection;

    @Mixin
    private FormatOption format;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "VIEW",
            description = "One of: ${COMPLETION-CANDIDATES} (default: table on a terminal, else lines).")
    private Optional<NodeView> view;

    @Option(names = "--why", description = "A line for each node, with what is to be done about unavailable ones.")
    private boolean why;

    @Parameters(arity = "0..*", paramLabel = "NODE", description = "Which nodes (default: all that are known).")
    private List<String> nodes = List.of();

    private final Screen screen;
    private final Connector connector;
    private final InstantSource clock;

    public NodeStatus(Screen screen, Connector connector, InstantSource clock) {
        this.screen = screen;
        this.connector = connector;
        this.clock = clock;
    }

    @Override
    public Integer call() throws InvalidSettingsException, ServerFailure, InterruptedException {
        try (PushJobsClient client = connector.connect(connection)) {
            List<NodeState> states = states(client);
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            states.forEach(state -> array.add(state.source()));
            screen.show(format.format(), array, () -> show(states));
            return 0;
        }
    }

    private List<NodeState> states(PushJobsClient client) throws ServerFailure, InterruptedException {
        if (nodes.isEmpty()) {
            return switch (screen.display().calledAs()) {
                case PUSHJOBS -> client.knownNodes();
                case KNIFE_PUSH -> why ? client.knownNodes() : client.nodeStates();
            };
        }
        List<NodeState> states = new ArrayList<>();
        for (String node : nodes) {
            states.add(client.nodeState(node));
        }
        return states;
    }

    private void show(List<NodeState> states) {
        NodeView chosen = view.orElseGet(this::usualView);
        switch (chosen) {
            case LINES -> states.forEach(this::line);
            case TABLE, WIDE -> new NodeTable(states, clock.instant()).print(screen, chosen);
        }
    }

    private NodeView usualView() {
        Display display = screen.display();
        return switch (display.calledAs()) {
            case PUSHJOBS -> display.terminal() && !why ? NodeView.TABLE : NodeView.LINES;
            case KNIFE_PUSH -> NodeView.LINES;
        };
    }

    private void line(NodeState state) {
        String reason = why && !state.isAvailable()
                ? "\t" + printable(state.reason().orElse("the server does not say why"))
                : "";
        screen.out().println(printable(state.node()) + "\t" + printable(state.availability()) + reason);
    }
}
