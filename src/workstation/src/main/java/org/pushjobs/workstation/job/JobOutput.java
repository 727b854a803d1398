package org.pushjobs.workstation.job;

import java.util.concurrent.Callable;
import org.pushjobs.workstation.remote.Connector;
import org.pushjobs.workstation.remote.OutputChannel;
import org.pushjobs.workstation.remote.PushJobsClient;
import org.pushjobs.workstation.remote.RequestRefusedException;
import org.pushjobs.workstation.remote.ServerFailure;
import org.pushjobs.workstation.screen.Screen;
import org.pushjobs.workstation.settings.ConnectionOptions;
import org.pushjobs.workstation.settings.InvalidSettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pushjobs job output}: what a job's command wrote on one node, byte for byte. */
@Command(name = "output", description = "Print what a job's command wrote on a node.")
public final class JobOutput implements Callable<Integer> {
    @Mixin
    private ConnectionOptions.Common connection;

    @Option(
            names = "--channel",
            paramLabel = "CHANNEL",
            defaultValue = "stdout",
            description = "One of: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private OutputChannel channel;

    @Parameters(index = "0", paramLabel = "ID", description = "The job's ID.")
    private String id;

    @Parameters(index = "1", paramLabel = "NODE", description = "The node's name.")
    private String node;

    private final Screen screen;
    private final Connector connector;

    public JobOutput(Screen screen, Connector connector) {
        this.screen = screen;
        this.connector = connector;
    }

    @Override
    public Integer call() throws InvalidSettingsException, ServerFailure, InterruptedException {
        try (PushJobsClient client = connector.connect(connection)) {
            screen.out().writeBytes(client.output(id, node, channel));
            screen.out().flush();
            return 0;
        } catch (RequestRefusedException e) {
            throw e.status() == 404
                    ? e.withAdvice("There is no output when the job was started without --capture, has not ended on the"
                            + " node, or wrote too much; check the job ID and the node's name, too.")
                    : e;
        }
    }
}
