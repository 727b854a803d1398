package org.pushjobs.workstation.job;

import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.pushjobs.workstation.remote.Connector;
import org.pushjobs.workstation.remote.JobDocument;
import org.pushjobs.workstation.remote.PushJobsClient;
import org.pushjobs.workstation.remote.ServerFailure;
import org.pushjobs.workstation.screen.CalledAs;
import org.pushjobs.workstation.screen.FormatOption;
import org.pushjobs.workstation.screen.Screen;
import org.pushjobs.workstation.settings.ConnectionOptions;
import org.pushjobs.workstation.settings.InvalidSettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code pushjobs job status}: shows one job. */
@Command(
        name = "status",
        description = "Show a job, who asked for it, and what became of its nodes.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  pushjobs job status last",
            "  pushjobs job status 0123456789ab0123456789abcdef0123",
            "  pushjobs job status -F json 0123456789ab0123456789abcdef0123"
        })
public final class JobStatus implements Callable<Integer> {
    @Mixin
    private ConnectionOptions.Common connection;

    @Mixin
    private FormatOption format;

    @Parameters(paramLabel = "ID", description = JobIds.HELP)
    private String id;

    private final Screen screen;
    private final Connector connector;
    private final InstantSource clock;

    public JobStatus(Screen screen, Connector connector, InstantSource clock) {
        this.screen = screen;
        this.connector = connector;
        this.clock = clock;
    }

    @Override
    public Integer call() throws InvalidSettingsException, ServerFailure, AmbiguousJobException, InterruptedException {
        try (PushJobsClient client = connector.connect(connection)) {
            JobDocument job = job(client, new JobIds(client).find(id));
            screen.show(format.format(), job.source(), () -> {
                JobReport report = new JobReport(job);
                report.document(screen.out());
                if (job.hasDetail()) {
                    new JobDetails(job, clock.instant()).print(screen);
                }
                report.explanation(screen.out());
            });
            return 0;
        }
    }

    /** Under knife's name data is what knife gets. */
    private JobDocument job(PushJobsClient client, String whole) throws ServerFailure, InterruptedException {
        return switch (format.format()) {
            case TEXT -> client.jobInDetail(whole);
            case JSON, JSONL, YAML, PP ->
                screen.display().calledAs() == CalledAs.KNIFE_PUSH ? client.job(whole) : client.jobInDetail(whole);
        };
    }
}
