package org.pushjobs.agent.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.agent.whitelist.Whitelist;
import org.pushjobs.protocol.message.OutputTail;

/**
 * What jobs may do on this node.
 *
 * @param whitelist what runs for which command
 * @param variables which environment variables a job may set
 * @param environment variables that the configuration file sets for every command, empty for those it removes
 * @param fileDir where job files are written
 * @param fileExpiry the age after which job files that were left there are removed
 * @param maxBodySizeBytes largest message with captured output, and the most that is kept of either stream
 * @param outputTailBytes the most that is sent of the end of what a failed command wrote whose output is not captured, from 0 to
 *     {@link OutputTail#MOST_BYTES}
 */
public record JobSettings(
        Whitelist whitelist,
        JobVariables variables,
        Map<String, Optional<String>> environment,
        Path fileDir,
        Duration fileExpiry,
        int maxBodySizeBytes,
        int outputTailBytes) {
    /** Chef's. */
    public static final JobSettings DEFAULT = new JobSettings(
            Whitelist.of(Map.of("chef-client", "chef-client")),
            JobVariables.HARMLESS,
            Map.of(),
            Path.of("/tmp/chef-push"),
            Duration.ofSeconds(86_400),
            63_000,
            4_096);

    public JobSettings {
        Objects.requireNonNull(whitelist, "whitelist");
        Objects.requireNonNull(variables, "variables");
        environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
        Objects.requireNonNull(fileDir, "fileDir");
        Objects.requireNonNull(fileExpiry, "fileExpiry");
    }

    public JobSettings withWhitelist(Whitelist newWhitelist) {
        return new JobSettings(
                newWhitelist, variables, environment, fileDir, fileExpiry, maxBodySizeBytes, outputTailBytes);
    }

    public JobSettings withFileDir(Path newFileDir) {
        return new JobSettings(
                whitelist, variables, environment, newFileDir, fileExpiry, maxBodySizeBytes, outputTailBytes);
    }

    public JobSettings withVariables(JobVariables newVariables) {
        return new JobSettings(
                whitelist, newVariables, environment, fileDir, fileExpiry, maxBodySizeBytes, outputTailBytes);
    }

    public JobSettings withOutputTailBytes(int newOutputTailBytes) {
        return new JobSettings(
                whitelist, variables, environment, fileDir, fileExpiry, maxBodySizeBytes, newOutputTailBytes);
    }

    public JobSettings withEnvironment(Map<String, Optional<String>> newEnvironment) {
        return new JobSettings(
                whitelist, variables, newEnvironment, fileDir, fileExpiry, maxBodySizeBytes, outputTailBytes);
    }
}
