package org.pushjobs.agent.execution;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.pushjobs.agent.settings.AgentException;
import org.pushjobs.agent.settings.JobSettings;

/**
 * Starts commands, each in a session and process group of its own, with the standard input empty and the environment of
 * the agent plus the job's (agent-and-cli.md, "Running a command"). Usable from any thread.
 */
public final class CommandRunner {
    private final String nodeName;
    private final Supplier<JobSettings> settings;
    private final Path setsid;

    /**
     * @param settings looked at anew for every job
     * @throws AgentException when this machine lacks a program that is needed
     */
    public CommandRunner(String nodeName, Supplier<JobSettings> settings) throws AgentException {
        this.nodeName = nodeName;
        this.settings = settings;
        this.setsid = Executables.find("setsid")
                .orElseThrow(() -> new AgentException("setsid is not on the PATH; install util-linux"));
    }

    /**
     * Starts a job's command on a virtual thread and returns at once.
     *
     * @param listener told on that thread what becomes of it
     */
    public Execution start(PreparedJob job, RunLimits limits, ExecutionListener listener) {
        Execution execution = new Execution(this, job, limits, listener);
        try {
            Thread.ofVirtual().name("job-" + job.jobId()).start(execution::run);
        } catch (RuntimeException | Error e) {
            execution.kill(); // for the case that the thread comes yet
            throw e;
        }
        return execution;
    }

    String nodeName() {
        return nodeName;
    }

    Path fileDir() {
        return settings.get().fileDir();
    }

    /** Removes job files that an earlier agent left behind and that are older than the settings allow. */
    public void removeExpiredFiles() {
        JobFile.removeExpired(settings.get().fileDir(), settings.get().fileExpiry());
    }

    /** The most that this node gives away of what commands wrote that nobody had asked for, in bytes. */
    int tailBytes() {
        return settings.get().outputTailBytes();
    }

    /** A program that reads its input and throws it away, in a session of its own. */
    ProcessBuilder reader() {
        return new ProcessBuilder(setsid.toString(), "cat");
    }

    /**
     * @param output where it goes when it is not captured
     * @throws IOException when a program is missing that lets the command run as another user
     */
    ProcessBuilder processBuilder(PreparedJob job, Optional<Path> jobFile, ProcessBuilder.Redirect output)
            throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder().redirectInput(Path.of("/dev/null").toFile());
        job.dir().ifPresent(dir -> builder.directory(dir.toFile()));
        new JobEnvironment(settings.get(), nodeName).fill(builder.environment(), job, jobFile);
        if (!job.capture()) {
            builder.redirectOutput(output).redirectErrorStream(true);
        }
        List<String> command = new ArrayList<>();
        command.add(setsid.toString());
        if (job.user().isPresent()) {
            command.addAll(UserSwitch.arguments(job.user().get(), builder.environment()));
        }
        command.addAll(CommandLine.arguments(job.commandLine()));
        return builder.command(command);
    }
}
