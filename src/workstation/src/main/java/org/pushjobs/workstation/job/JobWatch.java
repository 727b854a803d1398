package org.pushjobs.workstation.job;

import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.pushjobs.workstation.remote.Connector;
import org.pushjobs.workstation.remote.FeedContent;
import org.pushjobs.workstation.remote.JobDocument;
import org.pushjobs.workstation.remote.PushJobsClient;
import org.pushjobs.workstation.remote.ServerFailure;
import org.pushjobs.workstation.screen.FormatOption;
import org.pushjobs.workstation.screen.OutputFormat;
import org.pushjobs.workstation.screen.PlainProgress;
import org.pushjobs.workstation.screen.Screen;
import org.pushjobs.workstation.settings.ConnectionOptions;
import org.pushjobs.workstation.settings.InvalidSettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code pushjobs job watch}: what happens to a job, from its start to its end, from the job's feed. */
@Command(
        name = "watch",
        description = {
            "Show what happens to a job until it ends; the exit code is that of 'job start'.",
            "With -F json or jsonl each event is one line, with -F yaml one document."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  pushjobs job watch 0123456789ab0123456789abcdef0123", "  pushjobs job watch last"})
public final class JobWatch implements Callable<Integer> {
    @Mixin
    private ConnectionOptions.Common connection;

    @Mixin
    private FormatOption format;

    @Mixin
    private Demand demand;

    @Parameters(paramLabel = "ID", description = JobIds.HELP)
    private String id;

    private final Screen screen;
    private final Connector connector;
    private final InstantSource clock;
    private final Pause pause;
    private final ExitRule exitRule;

    public JobWatch(Connector connector, Surroundings surroundings) {
        this.screen = surroundings.screen();
        this.connector = connector;
        this.clock = surroundings.clock();
        this.pause = surroundings.pause();
        this.exitRule = surroundings.exitRule();
    }

    @Override
    public Integer call() throws InvalidSettingsException, ServerFailure, AmbiguousJobException, InterruptedException {
        try (PushJobsClient client = connector.connect(connection)) {
            Patience patience = new Patience(new PlainProgress(screen.forPeople(format.format())), clock);
            JobDocument ended = new JobFeed(client, patience, pause, FeedContent.EVENTS)
                    .untilEnded(
                            new JobIds(client).find(id), event -> EventDocument.show(screen, format.format(), event));
            JobReport report = JobReport.ofEnded(client, ended);
            if (format.format() == OutputFormat.TEXT) {
                report.document(screen.out());
            }
            report.explanation(screen.forPeople(format.format()));
            return demand.exitStatus(exitRule, ended);
        }
    }
}
