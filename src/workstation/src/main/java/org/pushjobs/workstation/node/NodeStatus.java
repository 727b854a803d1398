package org.pushjobs.workstation.node;

import static org.pushjobs.workstation.screen.Screen.printable;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.pushjobs.workstation.remote.Connector;
import org.pushjobs.workstation.remote.NodeState;
import org.pushjobs.workstation.remote.PushJobsClient;
import org.pushjobs.workstation.remote.ServerFailure;
import org.pushjobs.workstation.screen.FormatOption;
import org.pushjobs.workstation.screen.Screen;
import org.pushjobs.workstation.settings.ConnectionOptions;
import org.pushjobs.workstation.settings.InvalidSettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pushjobs node status}: which nodes take jobs (agent-and-cli.md). */
@Command(
        name = "status",
        description = "Show which nodes are available for jobs.",
        footerHeading = "%nExamples:%n",
        footer = {"  pushjobs node status", "  pushjobs node status web-1 web-2", "  pushjobs node status --why"})
public final class NodeStatus implements Callable<Integer> {
    private static final String AVAILABLE = "available";

    @Mixin
    private ConnectionOptions.Common connection;

    @Mixin
    private FormatOption format;

    @Option(
            names = "--why",
            description = "Say why a node is unavailable, and show also nodes that are known but not connected.")
    private boolean why;

    @Parameters(arity = "0..*", paramLabel = "NODE", description = "Which nodes (default: all that are connected).")
    private List<String> nodes = List.of();

    private final Screen screen;
    private final Connector connector;

    public NodeStatus(Screen screen, Connector connector) {
        this.screen = screen;
        this.connector = connector;
    }

    @Override
    public Integer call() throws InvalidSettingsException, ServerFailure, InterruptedException {
        try (PushJobsClient client = connector.connect(connection)) {
            List<NodeState> states = states(client);
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            states.forEach(state -> array.add(state.source()));
            screen.show(format.format(), array, () -> states.forEach(this::line));
            return 0;
        }
    }

    private List<NodeState> states(PushJobsClient client) throws ServerFailure, InterruptedException {
        if (nodes.isEmpty()) {
            return why ? client.knownNodes() : client.nodeStates();
        }
        List<NodeState> states = new ArrayList<>();
        for (String node : nodes) {
            states.add(client.nodeState(node));
        }
        return states;
    }

    private void line(NodeState state) {
        String reason = why && !state.availability().equals(AVAILABLE)
                ? "\t" + printable(state.reason().orElse("the server does not say why"))
                : "";
        screen.out().println(printable(state.node()) + "\t" + printable(state.availability()) + reason);
    }
}
