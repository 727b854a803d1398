package org.pushjobs.workstation.job;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.pushjobs.workstation.remote.Connector;
import org.pushjobs.workstation.remote.FeedContent;
import org.pushjobs.workstation.remote.FeedEvent;
import org.pushjobs.workstation.remote.FeedReader;
import org.pushjobs.workstation.remote.PushJobsClient;
import org.pushjobs.workstation.remote.ServerFailure;
import org.pushjobs.workstation.screen.FormatOption;
import org.pushjobs.workstation.screen.Screen;
import org.pushjobs.workstation.settings.ConnectionOptions;
import org.pushjobs.workstation.settings.InvalidSettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code pushjobs job events}: what has happened to a job so far. */
@Command(
        name = "events",
        description = {
            "Show what has happened to a job so far, also long after its end; 'job watch' goes on to the end.",
            "With -F json or jsonl each event is one line, with -F yaml one document."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  pushjobs job events last", "  pushjobs job events -F jsonl 0123456789ab0123456789abcdef0123"})
public final class JobEvents implements Callable<Integer> {
    @Mixin
    private ConnectionOptions.Common connection;

    @Mixin
    private FormatOption format;

    @Parameters(paramLabel = "ID", description = JobIds.HELP)
    private String id;

    private final Screen screen;
    private final Connector connector;

    public JobEvents(Screen screen, Connector connector) {
        this.screen = screen;
        this.connector = connector;
    }

    @Override
    public Integer call() throws InvalidSettingsException, ServerFailure, AmbiguousJobException, InterruptedException {
        try (PushJobsClient client = connector.connect(connection);
                FeedReader feed =
                        client.feed(new JobIds(client).find(id), Optional.empty(), FeedContent.EVENTS_SO_FAR)) {
            for (Optional<FeedEvent> event = feed.next(); event.isPresent(); event = feed.next()) {
                EventDocument.show(screen, format.format(), event.get());
                if (event.get().isSummary()) {
                    screen.err().println("This server keeps no events of the job, only how it ended.");
                }
            }
            return 0;
        }
    }
}
