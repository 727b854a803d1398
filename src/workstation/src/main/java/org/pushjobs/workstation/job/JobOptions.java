package org.pushjobs.workstation.job;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.OptionalInt;
import org.pushjobs.workstation.remote.JobRequest;
import picocli.CommandLine.Option;

/** The options of {@code job start} that describe the job itself. */
final class JobOptions {
    private static final int MAX_FILE_BYTES = 100_000;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "Stop the command after this time (default: the server's, 3600).")
    private Optional<Integer> timeoutSeconds;

    @Option(
            names = {"-q", "--quorum"},
            paramLabel = "N|N%",
            defaultValue = "100%",
            description = "How many nodes must be ready for the command to run at all; a percentage is rounded up"
                    + " (default: ${DEFAULT-VALUE}).")
    private Quorum quorum;

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "A file for the command, which finds it by the variable CHEF_PUSH_JOB_FILE; at most "
                    + MAX_FILE_BYTES + " bytes.")
    private Optional<Path> file;

    @Option(names = "--capture", description = "Keep what the command writes: see 'pushjobs job output'.")
    private boolean captureOutput;

    @Option(
            names = "--with-env",
            paramLabel = "JSON",
            description = "Environment variables for the command, for example '{\"COLOR\": \"blue\"}'.")
    private Optional<String> environment;

    @Option(names = "--as-user", paramLabel = "USER", description = "Run the command as this user.")
    private Optional<String> user;

    @Option(names = "--in-dir", paramLabel = "DIR", description = "Run the command in this directory.")
    private Optional<String> directory;

    /**
     * @param nodes names, each once
     * @throws IllegalArgumentException when an option's value makes no sense; the message names the option
     */
    JobRequest request(String command, List<String> nodes) {
        return new JobRequest(
                command,
                nodes,
                quorum.of(nodes.size()),
                timeout(),
                user,
                directory,
                environment.map(JobOptions::variables).orElse(Map.of()),
                file.map(JobOptions::base64),
                captureOutput);
    }

    private OptionalInt timeout() {
        if (timeoutSeconds.filter(seconds -> seconds <= 0).isPresent()) {
            throw new IllegalArgumentException(
                    "--timeout must be a positive number of seconds, not " + timeoutSeconds.get());
        }
        return timeoutSeconds.map(OptionalInt::of).orElse(OptionalInt.empty());
    }

    private static Map<String, String> variables(String json) {
        JsonNode object;
        try {
            object = new ObjectMapper()
                    .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                    .readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("--with-env is not JSON: " + e.getOriginalMessage());
        }
        if (!object.isObject()) {
            throw new IllegalArgumentException("--with-env must be a JSON object, for example '{\"COLOR\": \"blue\"}'");
        }
        Map<String, String> variables = new LinkedHashMap<>();
        for (Entry<String, JsonNode> variable : object.properties()) {
            if (!variable.getValue().isTextual()) {
                throw new IllegalArgumentException(
                        "--with-env: the value of " + variable.getKey() + " must be a string; put it in quotes");
            }
            variables.put(variable.getKey(), variable.getValue().textValue());
        }
        return variables;
    }

    private static String base64(Path file) {
        try {
            long size = Files.size(file);
            if (size > MAX_FILE_BYTES) {
                throw new IllegalArgumentException(
                        "--file: " + file + " has " + size + " bytes, a job takes a file of at most " + MAX_FILE_BYTES);
            }
            return Base64.getEncoder().encodeToString(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("--file: " + file + " does not exist");
        } catch (IOException e) {
            throw new IllegalArgumentException("--file: " + file + " cannot be read: " + e.getMessage());
        }
    }
}
