package org.pushjobs.agent.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.pushjobs.agent.whitelist.Whitelist;

/**
 * What jobs may do on this node.
 *
 * @param whitelist what runs for which command
 * @param overwritableVariables names that a job's variables may have; others arrive as {@code CHEF_PUSH_ENV_<name>}; empty
 *     when all may
 * @param environment variables that the configuration file sets for every command, empty for those it removes
 * @param fileDir where job files are written
 * @param fileExpiry the age after which job files that were left there are removed
 * @param maxBodySizeBytes largest message with captured output, and the most that is kept of either stream
 */
public record JobSettings(
        Whitelist whitelist,
        Optional<Set<String>> overwritableVariables,
        Map<String, Optional<String>> environment,
        Path fileDir,
        Duration fileExpiry,
        int maxBodySizeBytes) {
    /** Chef's. */
    public static final JobSettings DEFAULT = new JobSettings(
            Whitelist.of(Map.of("chef-client", "chef-client")),
            Optional.empty(),
            Map.of(),
            Path.of("/tmp/chef-push"),
            Duration.ofSeconds(86_400),
            63_000);

    public JobSettings {
        Objects.requireNonNull(whitelist, "whitelist");
        overwritableVariables = overwritableVariables.map(Set::copyOf);
        environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
        Objects.requireNonNull(fileDir, "fileDir");
        Objects.requireNonNull(fileExpiry, "fileExpiry");
    }

    public JobSettings withWhitelist(Whitelist newWhitelist) {
        return new JobSettings(newWhitelist, overwritableVariables, environment, fileDir, fileExpiry, maxBodySizeBytes);
    }

    public JobSettings withFileDir(Path newFileDir) {
        return new JobSettings(whitelist, overwritableVariables, environment, newFileDir, fileExpiry, maxBodySizeBytes);
    }

    public JobSettings withOverwritableVariables(Set<String> names) {
        return new JobSettings(whitelist, Optional.of(names), environment, fileDir, fileExpiry, maxBodySizeBytes);
    }

    public JobSettings withEnvironment(Map<String, Optional<String>> variables) {
        return new JobSettings(whitelist, overwritableVariables, variables, fileDir, fileExpiry, maxBodySizeBytes);
    }
}
