package org.pushjobs.workstation.job;

import static org.pushjobs.workstation.screen.Screen.printable;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.concurrent.Callable;
import org.pushjobs.workstation.remote.Connector;
import org.pushjobs.workstation.remote.JobDocument;
import org.pushjobs.workstation.remote.PushJobsClient;
import org.pushjobs.workstation.remote.ServerFailure;
import org.pushjobs.workstation.screen.FormatOption;
import org.pushjobs.workstation.screen.Screen;
import org.pushjobs.workstation.settings.ConnectionOptions;
import org.pushjobs.workstation.settings.InvalidSettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code pushjobs job list}: one line for each job, in the server's order. */
@Command(name = "list", description = "List the organization's jobs.")
public final class JobList implements Callable<Integer> {
    private static final String ROW = "%-32s  %-13s  %-29s  %s%n";

    @Mixin
    private ConnectionOptions.Common connection;

    @Mixin
    private FormatOption format;

    private final Screen screen;
    private final Connector connector;

    public JobList(Screen screen, Connector connector) {
        this.screen = screen;
        this.connector = connector;
    }

    @Override
    public Integer call() throws InvalidSettingsException, ServerFailure, InterruptedException {
        try (PushJobsClient client = connector.connect(connection)) {
            List<JobDocument> jobs = client.jobs();
            switch (format.format()) {
                case TEXT -> table(jobs);
                case JSON -> {
                    ArrayNode array = JsonNodeFactory.instance.arrayNode();
                    jobs.forEach(job -> array.add(job.source()));
                    screen.json(array);
                }
            }
            return 0;
        }
    }

    private void table(List<JobDocument> jobs) {
        if (jobs.isEmpty()) {
            screen.err().println("There are no jobs yet.");
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
