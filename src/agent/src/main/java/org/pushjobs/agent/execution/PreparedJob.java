package org.pushjobs.agent.execution;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A job that this node is able and willing to run: everything it names was looked up and is fine.
 *
 * @param commandLine what the whitelist gives for the job's command
 * @param user to run as; empty for the agent's own
 * @param dir an existing directory; empty for the agent's own
 * @param env variables of the job
 * @param file decoded content of the job file; treat as read-only
 * @param capture whether the output is sent back
 * @param lock held for this job since it was prepared
 */
public record PreparedJob(
        String jobId,
        String commandLine,
        Optional<Account> user,
        Optional<Path> dir,
        Map<String, String> env,
        Optional<byte[]> file,
        boolean capture,
        Optional<CommandLock> lock) {
    /** A job that needs no lock. */
    public PreparedJob(
            String jobId,
            String commandLine,
            Optional<Account> user,
            Optional<Path> dir,
            Map<String, String> env,
            Optional<byte[]> file,
            boolean capture) {
        this(jobId, commandLine, user, dir, env, file, capture, Optional.empty());
    }

    public PreparedJob {
        Objects.requireNonNull(jobId, "jobId");
        Objects.requireNonNull(commandLine, "commandLine");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(dir, "dir");
        env = Map.copyOf(env);
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(lock, "lock");
    }

    /** Gives the lock back, once the job is over or will not be; a second time does nothing. */
    public void release() {
        lock.ifPresent(CommandLock::close);
    }

    /** Leaves out the job file and the variables' values. */
    @Override
    public String toString() {
        return "PreparedJob[jobId=" + jobId + ", commandLine=" + commandLine + ", user=" + user + ", dir=" + dir
                + ", env=" + env.keySet() + ", capture=" + capture + "]";
    }
}
