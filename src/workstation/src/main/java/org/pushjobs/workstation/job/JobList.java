package org.pushjobs.workstation.job;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.pushjobs.workstation.remote.Connector;
import org.pushjobs.workstation.remote.JobDetail;
import org.pushjobs.workstation.remote.JobDocument;
import org.pushjobs.workstation.remote.JobQuery;
import org.pushjobs.workstation.remote.PushJobsClient;
import org.pushjobs.workstation.remote.ServerFailure;
import org.pushjobs.workstation.screen.FormatOption;
import org.pushjobs.workstation.screen.Screen;
import org.pushjobs.workstation.screen.Spans;
import org.pushjobs.workstation.screen.Table;
import org.pushjobs.workstation.screen.Table.Cell;
import org.pushjobs.workstation.settings.ConnectionOptions;
import org.pushjobs.workstation.settings.InvalidSettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code pushjobs job list}: one line for each job, the newest last. Under knife's name it lists all jobs, as knife does. */
@Command(
        name = "list",
        description = "List the organization's newest jobs, the newest last.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  pushjobs job list",
            "  pushjobs job list --by alice --since 2h",
            "  pushjobs job list --command chef-client --limit 100",
            "  pushjobs job list --status running --node web-1"
        })
public final class JobList implements Callable<Integer> {
    private static final int USUAL_LIMIT = 20;

    @Mixin
    private ConnectionOptions.Common connection;

    @Mixin
    private FormatOption format;

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            description = "Only jobs in this state: ${COMPLETION-CANDIDATES}.")
    private Optional<JobState> status;

    @Option(names = "--node", paramLabel = "NODE", description = "Only jobs that this node takes part in.")
    private Optional<String> node;

    @Option(names = "--command", paramLabel = "COMMAND", description = "Only jobs of exactly this command.")
    private Optional<String> command;

    @Option(names = "--by", paramLabel = "NAME", description = "Only jobs that this user or client asked for.")
    private Optional<String> requestor;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Only jobs since then: 30m, 2h, 3d, a day (2026-11-22), or a time (2026-11-22T10:00:00Z).")
    private Optional<String> since;

    @Option(names = "--limit", paramLabel = "N", description = "Only the newest N (default: " + USUAL_LIMIT + ").")
    private Optional<Integer> limit;

    @Option(names = "--all", description = "All of them, however many.")
    private boolean all;

    @Spec
    private CommandSpec spec;

    private final Screen screen;
    private final Connector connector;
    private final InstantSource clock;

    public JobList(Screen screen, Connector connector, InstantSource clock) {
        this.screen = screen;
        this.connector = connector;
        this.clock = clock;
    }

    @Override
    public Integer call() throws InvalidSettingsException, ServerFailure, InterruptedException {
        JobQuery query = query();
        try (PushJobsClient client = connector.connect(connection)) {
            List<JobDocument> jobs = client.jobs(query);
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            jobs.forEach(job -> array.add(job.source()));
            screen.show(format.format(), array, () -> table(query, jobs));
            if (limit.isEmpty() && query.limit().orElse(Integer.MAX_VALUE) == jobs.size()) {
                screen.err().println("These are the newest " + jobs.size() + "; --limit N or --all shows more.");
            }
            return 0;
        }
    }

    private JobQuery query() {
        if (limit.filter(number -> number < 1).isPresent()) {
            throw new ParameterException(spec.commandLine(), "--limit must be at least 1, not " + limit.get());
        }
        if (all && limit.isPresent()) {
            throw new ParameterException(spec.commandLine(), "give --limit or --all, not both");
        }
        return new JobQuery(status.map(JobState::toString), node, command, requestor, since.map(this::time), atMost());
    }

    private OptionalInt atMost() {
        if (limit.isPresent()) {
            return OptionalInt.of(limit.get());
        }
        return switch (screen.display().calledAs()) {
            case PUSHJOBS -> all ? OptionalInt.empty() : OptionalInt.of(USUAL_LIMIT);
            case KNIFE_PUSH -> OptionalInt.empty();
        };
    }

    private Instant time(String text) {
        try {
            return Since.parse(text, clock.instant());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--since " + e.getMessage(), e);
        }
    }

    private void table(JobQuery query, List<JobDocument> jobs) {
        if (jobs.isEmpty()) {
            screen.err().println(query.hasNoCondition() ? "There are no jobs yet." : "There are no such jobs.");
            return;
        }
        Instant now = clock.instant();
        Table table = new Table("ID", "STATUS", "CREATED", "BY", "COMMAND");
        for (JobDocument job : jobs) {
            table.add(
                    Cell.of(job.id()),
                    Cell.status(job.status()),
                    Cell.of(job.createdAt().map(at -> Spans.ago(at, now)).orElse("")),
                    Cell.of(JobDetail.of(job).requestor().orElse("")),
                    Cell.of(job.command()));
        }
        table.print(screen, "");
    }
}
