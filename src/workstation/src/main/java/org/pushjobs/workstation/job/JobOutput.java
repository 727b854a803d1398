package org.pushjobs.workstation.job;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.pushjobs.workstation.remote.Connector;
import org.pushjobs.workstation.remote.OutputChannel;
import org.pushjobs.workstation.remote.PushJobsClient;
import org.pushjobs.workstation.remote.RequestRefusedException;
import org.pushjobs.workstation.remote.ServerFailure;
import org.pushjobs.workstation.screen.PlainProgress;
import org.pushjobs.workstation.screen.Screen;
import org.pushjobs.workstation.settings.ConnectionOptions;
import org.pushjobs.workstation.settings.InvalidSettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pushjobs job output}: what a job's command wrote on a node, byte for byte, or on each of its nodes. */
@Command(
        name = "output",
        description =
                "Print what a job's command wrote on a node, or on all its nodes; on a terminal what is the same on many"
                        + " nodes once.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  pushjobs job output 0123456789ab0123456789abcdef0123 web-1",
            "  pushjobs job output --channel stderr 0123456789ab0123456789abcdef0123 web-1",
            "  pushjobs job output --follow 0123456789ab0123456789abcdef0123 web-1",
            "  pushjobs job output 0123456789ab0123456789abcdef0123"
        })
public final class JobOutput implements Callable<Integer> {
    private static final int NOT_FOUND = 404;

    @Mixin
    private ConnectionOptions.Common connection;

    @Option(
            names = "--channel",
            paramLabel = "CHANNEL",
            defaultValue = "stdout",
            description = "One of: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private OutputChannel channel;

    @Option(names = "--follow", description = "Go on until the command has ended. Needs the node's name.")
    private boolean follow;

    @Parameters(index = "0", paramLabel = "ID", description = JobIds.HELP)
    private String id;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "NODE",
            description = "The node's name (default: each node that has output, with its name above).")
    private Optional<String> node;

    @Spec
    private CommandSpec spec;

    private final Screen screen;
    private final Connector connector;
    private final InstantSource clock;
    private final Pause pause;

    public JobOutput(Screen screen, Connector connector, InstantSource clock, Pause pause) {
        this.screen = screen;
        this.connector = connector;
        this.clock = clock;
        this.pause = pause;
    }

    @Override
    public Integer call() throws InvalidSettingsException, ServerFailure, AmbiguousJobException, InterruptedException {
        if (follow && node.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--follow needs the name of a node");
        }
        try (PushJobsClient client = connector.connect(connection)) {
            String job = new JobIds(client).find(id);
            if (follow) {
                Patience patience = new Patience(new PlainProgress(screen.err()), clock);
                new OutputFollow(client, patience, pause, screen.out()).untilEnded(job, node.get(), channel);
            } else if (node.isPresent()) {
                write(client.output(job, node.get(), channel));
            } else {
                ofAllNodes(client, job);
            }
            return 0;
        } catch (RequestRefusedException e) {
            throw e.status() == NOT_FOUND ? e.withAdvice(reasons()) : e;
        }
    }

    private static String reasons() {
        return "There is no output when the job was started without --capture, has not ended on the node, or wrote too much;"
                + " check the job ID and the node's name, too.";
    }

    private void write(byte[] output) {
        screen.out().writeBytes(output);
        screen.out().flush();
    }

    private void ofAllNodes(PushJobsClient client, String job) throws ServerFailure, InterruptedException {
        List<String> nodes = client.job(job).allNodes();
        if (nodes.size() == 1) {
            write(client.output(job, nodes.getFirst(), channel));
            return;
        }
        OutputGroups outputs = new OutputGroups(client, job, List.of(channel));
        List<List<String>> groups = screen.progress().apply(screen.out()).isLive()
                ? outputs.fold(nodes)
                : nodes.stream().map(List::of).toList();
        for (List<String> group : groups) {
            ofEach(group, outputs);
        }
    }

    /** @param names of nodes that wrote the same */
    private void ofEach(List<String> names, OutputGroups outputs) throws ServerFailure, InterruptedException {
        Optional<byte[]> output = outputs.output(names.getFirst(), channel);
        if (output.isPresent()) {
            screen.out().println("==> " + OutputGroups.title(names) + " <==");
            write(output.get());
            if (output.get().length > 0 && output.get()[output.get().length - 1] != '\n') {
                screen.out().println();
            }
        } else {
            screen.err().println("There is no output of " + OutputGroups.title(names) + ".");
        }
    }
}
