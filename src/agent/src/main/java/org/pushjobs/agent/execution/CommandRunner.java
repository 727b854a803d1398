package org.pushjobs.agent.execution;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pushjobs.agent.settings.AgentException;

/**
 * Starts commands, each in a session and process group of its own, with the standard input empty and the environment of
 * the agent plus the job's (agent-and-cli.md, "Running a command"). Usable from any thread.
 */
public final class CommandRunner {
    private final String nodeName;
    private final Path fileDir;
    private final Path setsid;

    /**
     * @param fileDir where job files and output are written
     * @throws AgentException when this machine lacks a program that is needed
     */
    public CommandRunner(String nodeName, Path fileDir) throws AgentException {
        this.nodeName = nodeName;
        this.fileDir = fileDir;
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
        Thread.ofVirtual().name("job-" + job.jobId()).start(execution::run);
        return execution;
    }

    String nodeName() {
        return nodeName;
    }

    Path fileDir() {
        return fileDir;
    }

    ProcessBuilder processBuilder(PreparedJob job, Optional<Path> jobFile) {
        List<String> command = new ArrayList<>();
        command.add(setsid.toString());
        job.user()
                .ifPresent(user -> command.addAll(
                        List.of("setpriv", "--reuid=" + user.uid(), "--regid=" + user.gid(), "--init-groups", "--")));
        command.addAll(CommandLine.arguments(job.commandLine()));

        ProcessBuilder builder =
                new ProcessBuilder(command).redirectInput(Path.of("/dev/null").toFile());
        job.dir().ifPresent(dir -> builder.directory(dir.toFile()));
        builder.environment().putAll(job.env());
        builder.environment().put(JobProcesses.NODE_VARIABLE, nodeName);
        builder.environment().put(JobProcesses.JOB_VARIABLE, job.jobId());
        jobFile.ifPresent(file -> builder.environment().put("CHEF_PUSH_JOB_FILE", file.toString()));
        if (!job.capture()) {
            builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD);
        }
        return builder;
    }
}
