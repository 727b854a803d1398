package org.pushjobs.workstation.job;

import java.util.concurrent.Callable;
import org.pushjobs.workstation.remote.Connector;
import org.pushjobs.workstation.remote.JobDocument;
import org.pushjobs.workstation.remote.PushJobsClient;
import org.pushjobs.workstation.remote.ServerFailure;
import org.pushjobs.workstation.screen.FormatOption;
import org.pushjobs.workstation.screen.OutputFormat;
import org.pushjobs.workstation.screen.Screen;
import org.pushjobs.workstation.settings.ConnectionOptions;
import org.pushjobs.workstation.settings.InvalidSettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code pushjobs job status}: shows one job. */
@Command(
        name = "status",
        description = "Show a job and what became of its nodes.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  pushjobs job status 0123456789ab0123456789abcdef0123",
            "  pushjobs job status -F json 0123456789ab0123456789abcdef0123"
        })
public final class JobStatus implements Callable<Integer> {
    @Mixin
    private ConnectionOptions.Common connection;

    @Mixin
    private FormatOption format;

    @Parameters(paramLabel = "ID", description = "The job's ID.")
    private String id;

    private final Screen screen;
    private final Connector connector;

    public JobStatus(Screen screen, Connector connector) {
        this.screen = screen;
        this.connector = connector;
    }

    @Override
    public Integer call() throws InvalidSettingsException, ServerFailure, InterruptedException {
        try (PushJobsClient client = connector.connect(connection)) {
            JobDocument job = format.format() == OutputFormat.TEXT ? client.jobInDetail(id) : client.job(id);
            screen.show(format.format(), job.source(), () -> {
                JobReport report = new JobReport(job);
                report.document(screen.out());
                report.explanation(screen.out());
            });
            return 0;
        }
    }
}
