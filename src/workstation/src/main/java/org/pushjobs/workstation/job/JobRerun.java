package org.pushjobs.workstation.job;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.pushjobs.workstation.remote.Connector;
import org.pushjobs.workstation.remote.JobDocument;
import org.pushjobs.workstation.remote.JobRequest;
import org.pushjobs.workstation.remote.PushJobsClient;
import org.pushjobs.workstation.remote.ServerFailure;
import org.pushjobs.workstation.screen.FormatOption;
import org.pushjobs.workstation.settings.ConnectionOptions;
import org.pushjobs.workstation.settings.InvalidSettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pushjobs job rerun}: starts a job that has ended once more, with all its options, on all its nodes or on some. */
@Command(
        name = "rerun",
        description =
                "Start a job that has ended once more: the same command with the same options on the same nodes, or on"
                        + " those of them that --only names.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  pushjobs job rerun 0123456789ab0123456789abcdef0123",
            "  pushjobs job rerun --only failed,unavailable 0123456789ab0123456789abcdef0123"
        })
public final class JobRerun implements Callable<Integer> {
    @Mixin
    private ConnectionOptions.Common connection;

    @Mixin
    private FormatOption format;

    @Option(
            names = "--only",
            paramLabel = "STATUS",
            split = ",",
            description = "Only on the nodes that were: ${COMPLETION-CANDIDATES}.")
    private Set<NodeOutcome> only = EnumSet.noneOf(NodeOutcome.class);

    @Option(
            names = {"-q", "--quorum"},
            paramLabel = "N|N%",
            description =
                    "How many nodes must be ready for the command to run at all; a percentage is rounded up (default: as"
                            + " large a part as last time, or 100%% where the server does not tell).")
    private Optional<Quorum> quorum;

    @Mixin
    private EnvironmentOptions environment;

    @Mixin
    private WaitOptions waiting;

    @Parameters(paramLabel = "ID", description = JobIds.HELP)
    private String id;

    @Spec
    private CommandSpec spec;

    private final Connector connector;
    private final Surroundings surroundings;

    public JobRerun(Connector connector, Surroundings surroundings) {
        this.connector = connector;
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InvalidSettingsException, ServerFailure, AmbiguousJobException, InterruptedException {
        Map<String, String> variables;
        try {
            variables = environment.variables();
            waiting.check();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        try (PushJobsClient client = connector.connect(connection)) {
            JobDocument job = client.jobWithFile(new JobIds(client).find(id));
            List<String> nodes = NodesOfJob.that(only, job);
            Optional<JobRequest> request = JobRequest.again(job, nodes, quorum(job, nodes.size()), variables);
            return new JobRun(surroundings, client, waiting, format.format())
                    .run(request.orElseThrow(JobRerun::hiddenEnvironment));
        } catch (NothingToRunException e) {
            surroundings.screen().err().println(e.getMessage());
            return ExitRule.FAILED;
        }
    }

    private int quorum(JobDocument job, int nodes) {
        return quorum.map(given -> given.of(nodes))
                .orElseGet(() -> job.quorum().isPresent() && job.nodeCount() > 0
                        ? Math.toIntExact(Math.ceilDiv((long) job.quorum().getAsInt() * nodes, job.nodeCount()))
                        : nodes);
    }

    private static NothingToRunException hiddenEnvironment() {
        return new NothingToRunException(
                "The values in the job's environment are hidden from you: give them all by --with-env"
                        + " or --env-from.");
    }
}
