package org.pushjobs.workstation.job;

import static org.pushjobs.workstation.screen.Screen.printable;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import org.pushjobs.workstation.remote.Connector;
import org.pushjobs.workstation.remote.FeedContent;
import org.pushjobs.workstation.remote.JobDocument;
import org.pushjobs.workstation.remote.JobRequest;
import org.pushjobs.workstation.remote.PushJobsClient;
import org.pushjobs.workstation.remote.RequestRefusedException;
import org.pushjobs.workstation.remote.ServerFailure;
import org.pushjobs.workstation.remote.ServerUnreachableException;
import org.pushjobs.workstation.remote.StartedJob;
import org.pushjobs.workstation.screen.FormatOption;
import org.pushjobs.workstation.screen.Interruption;
import org.pushjobs.workstation.screen.Progress;
import org.pushjobs.workstation.screen.Screen;
import org.pushjobs.workstation.settings.ConnectionOptions;
import org.pushjobs.workstation.settings.InvalidSettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code pushjobs job start}: starts a job and, unless told not to, waits for its end (agent-and-cli.md). */
@Command(
        name = "start",
        description = "Start a job: run a command on nodes when enough of them are ready.",
        customSynopsis = {
            "pushjobs job start [OPTIONS] COMMAND NODE...",
            "       pushjobs job start [OPTIONS] --search QUERY COMMAND"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  pushjobs job start add-glasses ricardosalazar",
            "  pushjobs job start --quorum 90%% chef-client --search 'role:webapp'",
            "  pushjobs job start --quorum 90%% chef-client chico harpo groucho gummo zeppo",
            "  pushjobs job start --follow 'make report' web-1 web-2",
            "  pushjobs job start -b --with-env '{\"COLOR\": \"blue\"}' --as-user deploy release web-1"
        })
public final class JobStart implements Callable<Integer> {
    private static final String NO_NODES =
            "No nodes to run job on. Specify nodes as arguments or use -s to specify a search query.";

    @Mixin
    private ConnectionOptions.WithoutShortServerUrl connection;

    @Mixin
    private FormatOption format;

    @Mixin
    private JobOptions job;

    @Mixin
    private CommandAndNodes work;

    @Option(
            names = {"-b", "--nowait"},
            description = "Do not wait for the job's end.")
    private boolean nowait;

    @Option(
            names = "--follow",
            description = "Show what the command writes on each node while it runs; implies --capture.")
    private boolean follow;

    @Option(
            names = "--poll-interval",
            paramLabel = "SECONDS",
            defaultValue = "1.0",
            description = "Time between two looks at the job (default: ${DEFAULT-VALUE}).")
    private double pollIntervalSeconds;

    @Spec
    private CommandSpec spec;

    private final Screen screen;
    private final Connector connector;
    private final InstantSource clock;
    private final Pause pause;
    private final Interruption interruption;

    public JobStart(Screen screen, Connector connector, InstantSource clock, Pause pause, Interruption interruption) {
        this.screen = screen;
        this.connector = connector;
        this.clock = clock;
        this.pause = pause;
        this.interruption = interruption;
    }

    @Override
    public Integer call() throws InvalidSettingsException, ServerFailure, InterruptedException {
        if (work.command().isEmpty()) {
            screen.err().println("No job specified.");
            return 1;
        }
        checkOptions();
        if (work.query().isEmpty() && work.names().isEmpty()) {
            screen.err().println(NO_NODES);
            return 1;
        }
        try (PushJobsClient client = connector.connect(connection)) {
            List<String> nodes =
                    work.query().isPresent() ? client.searchNodes(work.query().get()) : work.names();
            if (nodes.isEmpty()) {
                screen.err().println(NO_NODES);
                return 1;
            }
            return run(client, request(work.command().get(), nodes));
        }
    }

    /** So that a mistake is found before anything is sent. */
    private void checkOptions() {
        if (work.query().isPresent() && !work.names().isEmpty()) {
            throw wrong("give the nodes or a search, not both");
        }
        if (follow && nowait) {
            throw wrong("--follow waits for the job's end, --nowait does not: give one of them");
        }
        request(work.command().orElseThrow(), work.names());
        pollInterval();
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private JobRequest request(String command, List<String> nodes) {
        try {
            JobRequest request = job.request(command, nodes);
            return follow ? request.capturingOutput() : request;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private Duration pollInterval() {
        if (!(pollIntervalSeconds >= 0.01 && pollIntervalSeconds <= 86_400)) {
            throw wrong("--poll-interval must be 0.01 to 86400 seconds, not " + pollIntervalSeconds);
        }
        return Duration.ofMillis((long) (pollIntervalSeconds * 1000));
    }

    private int run(PushJobsClient client, JobRequest request) throws ServerFailure, InterruptedException {
        StartedJob started = start(client, request);
        screen.forPeople(format.format()).println("Started.  Job ID: " + printable(started.id()));
        if (nowait) {
            screen.show(format.format(), started.source(), () -> {});
            return 0;
        }
        JobDocument ended = await(client, started.id());
        show(client, ended);
        return ended.succeeded() ? 0 : 1;
    }

    private StartedJob start(PushJobsClient client, JobRequest request) throws ServerFailure, InterruptedException {
        try {
            return client.start(request);
        } catch (ServerUnreachableException e) {
            if (e.mayHaveArrived()) {
                screen.err().println("The job may have been started all the same: look with 'pushjobs job list'.");
            }
            throw e;
        } catch (RequestRefusedException e) {
            throw e.status() == 400 && !request.isOfVersionOne() ? e.withAdvice(versionOne()) : e;
        }
    }

    /** knife sends such a job again without the options; it would then run as another user, or elsework. */
    private static String versionOne() {
        return "If this is a 1.x server: it knows none of --timeout, --as-user, --in-dir, --with-env, --file and --capture."
                + " The job was not sent again without them.";
    }

    private JobDocument await(PushJobsClient client, String id) throws ServerFailure, InterruptedException {
        Progress progress = screen.progress().apply(screen.forPeople(format.format()));
        try (Interruption.Watch _ =
                interruption.onSignal(() -> progress.note("The job goes on: watch it with 'pushjobs job" + " watch "
                        + printable(id) + "', end it with 'pushjobs job abort " + printable(id) + "'."))) {
            Patience patience = new Patience(progress, clock);
            return follow
                    ? followed(client, id, patience, progress)
                    : new JobPoll(client, progress, patience, pause, pollInterval()).untilEnded(id);
        } catch (ServerFailure e) {
            progress.note("The job goes on on the server: look with 'pushjobs job status " + printable(id) + "'.");
            throw e;
        } finally {
            progress.end();
        }
    }

    private JobDocument followed(PushJobsClient client, String id, Patience patience, Progress progress)
            throws ServerFailure, InterruptedException {
        FollowedOutput output = new FollowedOutput(screen.forPeople(format.format()), screen.err());
        FeedProgress states = new FeedProgress(progress);
        JobDocument ended = new JobFeed(client, patience, pause, FeedContent.EVENTS_AND_OUTPUT)
                .untilEnded(id, event -> {
                    output.take(event);
                    if (event.isLast()) {
                        output.end();
                    }
                    states.take(event);
                });
        output.end();
        output.fetchWhatTheFeedLacks(client, id);
        return ended;
    }

    private void show(PushJobsClient client, JobDocument ended) throws InterruptedException {
        screen.show(format.format(), ended.source(), () -> new JobReport(ended).document(screen.out()));
        JobReport.ofEnded(client, ended).explanation(screen.forPeople(format.format()));
    }
}
