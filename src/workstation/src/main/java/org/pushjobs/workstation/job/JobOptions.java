package org.pushjobs.workstation.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.pushjobs.workstation.remote.JobRequest;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code job start} that describe the job itself. */
final class JobOptions {
    private static final int MAX_FILE_BYTES = 100_000;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description =
                    "Stop the command after this time: seconds, or for example 10m or 1h30m (default: the server's,"
                            + " 3600).")
    private Optional<String> timeout;

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

    @Mixin
    private EnvironmentOptions environment;

    @Option(names = "--as-user", paramLabel = "USER", description = "Run the command as this user.")
    private Optional<String> user;

    @Option(names = "--in-dir", paramLabel = "DIR", description = "Run the command in this directory.")
    private Optional<String> directory;

    Quorum quorum() {
        return quorum;
    }

    /**
     * @param nodes names, each once
     * @throws IllegalArgumentException when an option's value makes no sense; the message names the option
     */
    JobRequest request(String command, List<String> nodes) {
        return new JobRequest(
                command,
                nodes,
                quorum.of(nodes.size()),
                timeout.map(RunTimeout::parse)
                        .map(limit -> OptionalInt.of(limit.seconds()))
                        .orElse(OptionalInt.empty()),
                user,
                directory,
                environment.variables(),
                file.map(path -> "base64:" + base64(path)),
                captureOutput);
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
