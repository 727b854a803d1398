package org.pushjobs.workstation.job;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.pushjobs.workstation.remote.Connector;
import org.pushjobs.workstation.remote.JobDocument;
import org.pushjobs.workstation.remote.JobRequest;
import org.pushjobs.workstation.remote.PushJobsClient;
import org.pushjobs.workstation.remote.ServerFailure;
import org.pushjobs.workstation.remote.ServerUnreachableException;
import org.pushjobs.workstation.remote.StartedJob;
import org.pushjobs.workstation.screen.FormatOption;
import org.pushjobs.workstation.screen.OutputFormat;
import org.pushjobs.workstation.screen.Progress;
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

/** {@code pushjobs job start}: starts a job and, unless told not to, waits for its end (agent-and-cli.md). */
@Command(
        name = "start",
        description = "Start a job: run a command on nodes when enough of them are ready.",
        customSynopsis = "pushjobs job start [OPTIONS] COMMAND NODE...")
public final class JobStart implements Callable<Integer> {
    @Mixin
    private ConnectionOptions.WithoutShortServerUrl connection;

    @Mixin
    private FormatOption format;

    @Mixin
    private JobOptions job;

    @Option(
            names = {"-b", "--nowait"},
            description = "Do not wait for the job's end.")
    private boolean nowait;

    @Option(
            names = "--poll-interval",
            paramLabel = "SECONDS",
            defaultValue = "1.0",
            description = "Time between two looks at the job (default: ${DEFAULT-VALUE}).")
    private double pollIntervalSeconds;

    @Parameters(
            index = "0",
            arity = "0..1",
            hideParamSyntax = true,
            paramLabel = "COMMAND",
            description = "What to run, as in the whitelist.")
    private Optional<String> command;

    @Parameters(index = "1..*", arity = "0..*", hideParamSyntax = true, paramLabel = "NODE", description = "Where.")
    private List<String> nodes = List.of();

    @Spec
    private CommandSpec spec;

    private final Screen screen;
    private final Connector connector;
    private final InstantSource clock;
    private final Pause pause;

    public JobStart(Screen screen, Connector connector, InstantSource clock, Pause pause) {
        this.screen = screen;
        this.connector = connector;
        this.clock = clock;
        this.pause = pause;
    }

    @Override
    public Integer call() throws InvalidSettingsException, ServerFailure, InterruptedException {
        if (command.isEmpty()) {
            screen.err().println("No job specified.");
            return 1;
        }
        if (nodes.isEmpty()) {
            screen.err()
                    .println("No nodes to run job on. Specify nodes as arguments or use -s to specify a search query.");
            return 1;
        }
        JobRequest request = request(command.get(), nodes.stream().distinct().toList());
        Duration interval = pollInterval();
        try (PushJobsClient client = connector.connect(connection)) {
            StartedJob started = start(client, request);
            screen.forPeople(format.format()).println("Started.  Job ID: " + Screen.printable(started.id()));
            if (nowait) {
                if (format.format() == OutputFormat.JSON) {
                    screen.json(started.source());
                }
                return 0;
            }
            JobDocument ended = await(client, started.id(), interval);
            show(ended);
            return ended.succeeded() ? 0 : 1;
        }
    }

    private JobRequest request(String command, List<String> nodes) {
        try {
            return job.request(command, nodes);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private Duration pollInterval() {
        if (!(pollIntervalSeconds >= 0.01 && pollIntervalSeconds <= 86_400)) {
            throw new ParameterException(
                    spec.commandLine(), "--poll-interval must be 0.01 to 86400 seconds, not " + pollIntervalSeconds);
        }
        return Duration.ofMillis((long) (pollIntervalSeconds * 1000));
    }

    private StartedJob start(PushJobsClient client, JobRequest request) throws ServerFailure, InterruptedException {
        try {
            return client.start(request);
        } catch (ServerUnreachableException e) {
            if (e.mayHaveArrived()) {
                screen.err().println("The job may have been started all the same: look with 'pushjobs job list'.");
            }
            throw e;
        }
    }

    private JobDocument await(PushJobsClient client, String id, Duration interval)
            throws ServerFailure, InterruptedException {
        Progress progress = screen.progress().apply(screen.forPeople(format.format()));
        try {
            return new JobWatch(client, progress, clock, pause, interval).untilEnded(id);
        } catch (ServerFailure e) {
            progress.note(
                    "The job goes on on the server: look with 'pushjobs job status " + Screen.printable(id) + "'.");
            throw e;
        } finally {
            progress.end();
        }
    }

    private void show(JobDocument ended) {
        JobReport report = new JobReport(ended);
        switch (format.format()) {
            case TEXT -> report.document(screen.out());
            case JSON -> screen.json(ended.source());
        }
        report.explanation(screen.forPeople(format.format()));
    }
}
