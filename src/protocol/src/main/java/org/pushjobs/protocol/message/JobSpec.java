package org.pushjobs.protocol.message;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a job runs on each node.
 *
 * @param command looked up in the agent's whitelist; may be empty
 * @param user the operating system user to run as
 * @param dir the working directory
 * @param env variables added to the agent's environment, in the order in which they were given
 * @param file a job file, {@code raw:TEXT} or {@code base64:DATA}
 * @param capture whether the agent sends the command's output back
 */
public record JobSpec(
        String command,
        Optional<String> user,
        Optional<String> dir,
        Optional<Map<String, String>> env,
        Optional<String> file,
        boolean capture) {
    public JobSpec {
        Objects.requireNonNull(command, "command");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(dir, "dir");
        env = env.map(variables -> Collections.unmodifiableMap(new LinkedHashMap<>(variables)));
        Objects.requireNonNull(file, "file");
    }

    /** Leaves out the file and the values of the environment, which may be secret. */
    @Override
    public String toString() {
        return "JobSpec[command=" + command + ", user=" + user.orElse("-") + ", dir=" + dir.orElse("-") + ", env="
                + env.map(Map::keySet).orElse(Set.of()) + ", file="
                + file.map(text -> text.length() + " characters").orElse("-") + ", capture=" + capture + "]";
    }

    /** A job without options. */
    public static JobSpec of(String command) {
        return new JobSpec(command, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false);
    }
}
