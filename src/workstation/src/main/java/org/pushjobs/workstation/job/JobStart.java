package org.pushjobs.workstation.job;

import java.util.List;
import java.util.concurrent.Callable;
import org.pushjobs.workstation.remote.Connector;
import org.pushjobs.workstation.remote.JobRequest;
import org.pushjobs.workstation.remote.PushJobsClient;
import org.pushjobs.workstation.remote.ServerFailure;
import org.pushjobs.workstation.screen.FormatOption;
import org.pushjobs.workstation.settings.ConnectionOptions;
import org.pushjobs.workstation.settings.InvalidSettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code pushjobs job start}: starts a job and, unless told not to, waits for its end (agent-and-cli.md). */
@Command(
        name = "start",
        description = "Start a job: run a command on nodes when enough of them are ready.",
        customSynopsis = {
            "pushjobs job start [OPTIONS] COMMAND NODE...",
            "       pushjobs job start [OPTIONS] --nodes-from FILE COMMAND",
            "       pushjobs job start [OPTIONS] --all COMMAND",
            "       pushjobs job start [OPTIONS] --retry ID [--only STATUS] COMMAND",
            "       pushjobs job start [OPTIONS] --search QUERY COMMAND"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  pushjobs job start add-glasses ricardosalazar",
            "  pushjobs job start --quorum 90%% chef-client --search 'role:webapp'",
            "  pushjobs job start --quorum 90%% chef-client chico harpo groucho gummo zeppo",
            "  pushjobs job start --quorum 80%% --timeout 10m chef-client 'web-*' db-1",
            "  pushjobs job start --follow 'make report' web-1 web-2",
            "  pushjobs job start -b --with-env COLOR=blue --as-user deploy release web-1"
        })
public final class JobStart implements Callable<Integer> {
    @Mixin
    private ConnectionOptions.WithoutShortServerUrl connection;

    @Mixin
    private FormatOption format;

    @Mixin
    private JobOptions job;

    @Mixin
    private CommandAndNodes work;

    @Mixin
    private WaitOptions waiting;

    @Spec
    private CommandSpec spec;

    private final Connector connector;
    private final Surroundings surroundings;

    public JobStart(Connector connector, Surroundings surroundings) {
        this.connector = connector;
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InvalidSettingsException, ServerFailure, AmbiguousJobException, InterruptedException {
        if (work.command().isEmpty()) {
            surroundings.screen().err().println("No job specified.");
            return ExitRule.FAILED;
        }
        try {
            List<String> given;
            JobRequest request;
            try {
                // So that a mistake is found before anything is sent.
                given = work.given();
                request = job.request(work.command().get(), given);
                waiting.check();
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), e.getMessage(), e);
            }
            if (work.isNowhere(given)) {
                throw new NothingToRunException(CommandAndNodes.NO_NODES);
            }
            try (PushJobsClient client = connector.connect(connection)) {
                List<String> nodes = work.nodes(given, client);
                return new JobRun(surroundings, client, waiting, format.format())
                        .run(request.on(nodes, job.quorum().of(nodes.size())));
            }
        } catch (NothingToRunException e) {
            surroundings.screen().err().println(e.getMessage());
            return ExitRule.FAILED;
        }
    }
}
