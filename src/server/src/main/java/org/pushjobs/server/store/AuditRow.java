package org.pushjobs.server.store;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * One line of the audit log: who asked for what, and what came of it (docs/operations.md).
 *
 * @param entryId tells lines apart; the same line may be stored again
 * @param orgName as in the request's path
 * @param orgGuid empty when there is no such organisation or it was not looked up
 * @param requestor the name that the request carries; only a claim when {@code identity} is empty
 * @param identity who signed the request, once that is proven
 * @param requestId the {@code X-Request-Id} of the answer
 * @param remoteAddress where the request came from, as far as proxies let see
 * @param action what was asked for, such as {@code job_start}
 * @param job what it was about, as far as that is known
 * @param status the HTTP status that was answered, or would have been had the client waited
 * @param reason why it was not done
 */
public record AuditRow(
        UUID entryId,
        Instant at,
        String orgName,
        Optional<String> orgGuid,
        String requestor,
        Optional<Identity> identity,
        String requestId,
        String remoteAddress,
        String action,
        Job job,
        Outcome outcome,
        int status,
        Optional<String> reason) {
    /** Names of nodes that a line has at most; the count is always that of all. */
    public static final int MAX_NODES = 100;

    /** Characters of a command, and of a directory, that a line has at most. */
    public static final int MAX_COMMAND_CHARACTERS = 4_096;

    /** Names of environment variables that a line has at most; the count is always that of all. */
    public static final int MAX_VARIABLES = 100;

    /** Characters of each such name. */
    public static final int MAX_VARIABLE_CHARACTERS = 255;

    /**
     * Who signed.
     *
     * @param type {@code user} or {@code client}
     * @param keyFingerprint {@code SHA256:} and the base64 of the key's digest
     */
    public record Identity(String type, String keyFingerprint) {
        public Identity {
            Objects.requireNonNull(type, "type");
            Objects.requireNonNull(keyFingerprint, "keyFingerprint");
        }
    }

    /**
     * The job that an action is about.
     *
     * @param command cut
     * @param nodeCount of all nodes
     * @param nodes the first of them
     * @param options how it was to run
     */
    public record Job(
            Optional<String> id,
            Optional<String> command,
            Optional<Integer> nodeCount,
            List<String> nodes,
            Optional<Options> options) {
        /** Nothing is known of it. */
        public static final Job UNKNOWN =
                new Job(Optional.empty(), Optional.empty(), Optional.empty(), List.of(), Optional.empty());

        public Job {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(command, "command");
            Objects.requireNonNull(nodeCount, "nodeCount");
            nodes = List.copyOf(nodes);
            Objects.requireNonNull(options, "options");
        }

        /** The job of a request that starts one. */
        public static Job requested(String command, List<String> nodes, Options options) {
            return new Job(
                    Optional.empty(),
                    Optional.of(SqlText.cut(command, MAX_COMMAND_CHARACTERS)),
                    Optional.of(nodes.size()),
                    nodes.subList(0, Math.min(nodes.size(), MAX_NODES)),
                    Optional.of(options));
        }

        /** No job, but what was asked for in the words of a command line. */
        public static Job command(String words) {
            return new Job(
                    Optional.empty(),
                    Optional.of(SqlText.cut(words, MAX_COMMAND_CHARACTERS)),
                    Optional.empty(),
                    List.of(),
                    Optional.empty());
        }

        public Job withId(String jobId) {
            return new Job(Optional.of(jobId), command, nodeCount, nodes, options);
        }
    }

    /**
     * How a job was to run. Values of variables and the file's content may be secret and are left out.
     *
     * @param user the operating system's
     * @param dir cut
     * @param variableCount of all environment variables
     * @param variables the names of the first of them, cut
     * @param fileBytes decoded size of the job's file
     * @param quorum number of nodes
     */
    public record Options(
            Optional<String> user,
            Optional<String> dir,
            int variableCount,
            List<String> variables,
            Optional<Integer> fileBytes,
            int quorum,
            int runTimeoutSeconds,
            boolean captureOutput) {
        public Options {
            Objects.requireNonNull(user, "user");
            dir = dir.map(text -> SqlText.cut(text, MAX_COMMAND_CHARACTERS));
            variables = variables.stream()
                    .limit(MAX_VARIABLES)
                    .map(name -> SqlText.cut(name, MAX_VARIABLE_CHARACTERS))
                    .toList();
            Objects.requireNonNull(fileBytes, "fileBytes");
        }

        /** By their names in the table and the file; what has no value is left out. */
        public Map<String, Object> fields() {
            Map<String, Object> fields = new LinkedHashMap<>();
            user.ifPresent(name -> fields.put("user", name));
            dir.ifPresent(path -> fields.put("dir", path));
            if (variableCount > 0) {
                fields.put("env_count", variableCount);
                fields.put("env_names", variables);
            }
            fileBytes.ifPresent(bytes -> fields.put("file_bytes", bytes));
            fields.put("quorum", quorum);
            fields.put("run_timeout", runTimeoutSeconds);
            fields.put("capture_output", captureOutput);
            return fields;
        }
    }

    /** What came of it. */
    public enum Outcome {
        DONE("done"),
        /** The requestor may not, or asked for something that is not possible. */
        REFUSED("refused"),
        /** The server could not. */
        FAILED("failed");

        private final String label;

        Outcome(String label) {
            this.label = label;
        }

        /** Name in the table and the file. */
        public String label() {
            return label;
        }
    }

    public AuditRow {
        Objects.requireNonNull(entryId, "entryId");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(orgName, "orgName");
        Objects.requireNonNull(orgGuid, "orgGuid");
        Objects.requireNonNull(requestor, "requestor");
        Objects.requireNonNull(identity, "identity");
        Objects.requireNonNull(requestId, "requestId");
        Objects.requireNonNull(remoteAddress, "remoteAddress");
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(job, "job");
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(reason, "reason");
    }
}
