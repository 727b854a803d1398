package org.pushjobs.agent.execution;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.pushjobs.agent.settings.JobSettings;
import org.pushjobs.platform.text.LauncherLocale;

/**
 * The environment of a command (agent-and-cli.md, "Running a command"): the agent's, changed as the configuration file
 * says, then the job's variables, then those that tell the command what it belongs to, which nothing overwrites.
 */
record JobEnvironment(JobSettings settings, String nodeName) {
    /** @param environment holds the agent's */
    void fill(Map<String, String> environment, PreparedJob job, Optional<Path> jobFile) {
        LauncherLocale.restore(environment);
        settings.environment().forEach((name, value) -> {
            environment.remove(name);
            value.ifPresent(text -> environment.put(name, text));
        });
        job.env().forEach((name, value) -> environment.put(settings.variables().nameFor(name), value));
        environment.put(JobProcesses.NODE_VARIABLE, nodeName);
        environment.put(JobProcesses.JOB_VARIABLE, job.jobId());
        environment.remove("CHEF_PUSH_JOB_FILE");
        jobFile.ifPresent(file -> environment.put("CHEF_PUSH_JOB_FILE", file.toString()));
    }
}
