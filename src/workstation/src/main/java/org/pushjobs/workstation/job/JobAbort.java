package org.pushjobs.workstation.job;

import java.util.concurrent.Callable;
import org.pushjobs.workstation.remote.AbortedJob;
import org.pushjobs.workstation.remote.Connector;
import org.pushjobs.workstation.remote.PushJobsClient;
import org.pushjobs.workstation.remote.RequestRefusedException;
import org.pushjobs.workstation.remote.ServerFailure;
import org.pushjobs.workstation.screen.FormatOption;
import org.pushjobs.workstation.screen.Screen;
import org.pushjobs.workstation.settings.ConnectionOptions;
import org.pushjobs.workstation.settings.InvalidSettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code pushjobs job abort}: asks for the end of a job. */
@Command(
        name = "abort",
        description = "Abort a job. Commands that run are ended where the agent can do that.",
        footerHeading = "%nExamples:%n",
        footer = {"  pushjobs job abort 0123456789ab0123456789abcdef0123", "  pushjobs job abort last"})
public final class JobAbort implements Callable<Integer> {
    @Mixin
    private ConnectionOptions.Common connection;

    @Mixin
    private FormatOption format;

    @Parameters(paramLabel = "ID", description = JobIds.HELP)
    private String id;

    private final Screen screen;
    private final Connector connector;

    public JobAbort(Screen screen, Connector connector) {
        this.screen = screen;
        this.connector = connector;
    }

    @Override
    public Integer call() throws InvalidSettingsException, ServerFailure, AmbiguousJobException, InterruptedException {
        try (PushJobsClient client = connector.connect(connection)) {
            AbortedJob job = client.abort(new JobIds(client).find(id));
            screen.show(
                    format.format(),
                    job.source(),
                    () -> screen.out().println("Aborting.  Job ID: " + Screen.printable(job.id())));
            return 0;
        } catch (RequestRefusedException e) {
            throw e.status() == 404
                    ? e.withAdvice("Check the job ID. A server of version 2 or 3 cannot abort jobs.")
                    : e;
        }
    }
}
