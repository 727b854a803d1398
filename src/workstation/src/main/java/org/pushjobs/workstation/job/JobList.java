package org.pushjobs.workstation.job;

import static org.pushjobs.workstation.screen.Screen.printable;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.pushjobs.workstation.remote.Connector;
import org.pushjobs.workstation.remote.JobDocument;
import org.pushjobs.workstation.remote.JobQuery;
import org.pushjobs.workstation.remote.PushJobsClient;
import org.pushjobs.workstation.remote.ServerFailure;
import org.pushjobs.workstation.screen.FormatOption;
import org.pushjobs.workstation.screen.Screen;
import org.pushjobs.workstation.settings.ConnectionOptions;
import org.pushjobs.workstation.settings.InvalidSettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code pushjobs job list}: one line for each job, the newest last. */
@Command(
        name = "list",
        description = "List the organization's jobs, the newest last.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  pushjobs job list",
            "  pushjobs job list --limit 20",
            "  pushjobs job list --status running --node web-1"
        })
public final class JobList implements Callable<Integer> {
    private static final String ROW = "%-32s  %-13s  %-29s  %s%n";

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

    @Option(names = "--limit", paramLabel = "N", description = "Only the newest N.")
    private Optional<Integer> limit;

    @Spec
    private CommandSpec spec;

    private final Screen screen;
    private final Connector connector;

    public JobList(Screen screen, Connector connector) {
        this.screen = screen;
        this.connector = connector;
    }

    @Override
    public Integer call() throws InvalidSettingsException, ServerFailure, InterruptedException {
        JobQuery query = query();
        try (PushJobsClient client = connector.connect(connection)) {
            List<JobDocument> jobs = client.jobs(query);
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            jobs.forEach(job -> array.add(job.source()));
            screen.show(format.format(), array, () -> table(jobs));
            return 0;
        }
    }

    private JobQuery query() {
        if (limit.filter(number -> number < 1).isPresent()) {
            throw new ParameterException(spec.commandLine(), "--limit must be at least 1, not " + limit.get());
        }
        return new JobQuery(
                status.map(JobState::toString), node, limit.map(OptionalInt::of).orElse(OptionalInt.empty()));
    }

    private void table(List<JobDocument> jobs) {
        if (jobs.isEmpty()) {
            screen.err()
                    .println(
                            limit.isPresent() || status.isPresent() || node.isPresent()
                                    ? "There are no such jobs."
                                    : "There are no jobs yet.");
            return;
        }
        screen.out().printf(ROW, "ID", "STATUS", "CREATED", "COMMAND");
        for (JobDocument job : jobs) {
            screen.out()
                    .printf(
                            ROW,
                            printable(job.id()),
                            printable(job.status()),
                            printable(job.source().path("created_at").asText()),
                            printable(job.command()));
        }
    }
}
