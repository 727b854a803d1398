package org.pushjobs.agent.execution;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the command of an agent that was killed has left running. The server calls its job crashed, so it must not go on
 * unseen: the next agent of the node ends it before it takes a job.
 */
public final class Leftovers {
    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

    private final Path fileDir;
    private final String nodeName;

    /** @param fileDir the one of the agent that is gone, where its mark is */
    public Leftovers(Path fileDir, String nodeName) {
        this.fileDir = fileDir;
        this.nodeName = nodeName;
    }

    /** Ends them: TERM, after 5 s KILL. Blocks until nothing is left. */
    public void end() {
        try {
            Optional<RunningMark> found = RunningMark.leftBehind(fileDir, nodeName);
            if (found.isPresent()) {
                end(found.get());
            }
        } catch (IOException e) {
            LOG.warn("what an earlier agent left behind could not be looked for [cause: {}]", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void end(RunningMark mark) throws IOException, InterruptedException {
        JobProcesses processes = JobProcesses.leftOf(nodeName, mark.jobId());
        int count = processes.alive().size();
        LOG.warn("an earlier agent was killed while a command ran [job: {}, still running: {}]", mark.jobId(), count);
        if (processes.terminate(Execution.TERM_GRACE)) {
            mark.close();
        } else {
            LOG.error("a command that an earlier agent left behind cannot be killed [job: {}]", mark.jobId());
        }
    }
}
