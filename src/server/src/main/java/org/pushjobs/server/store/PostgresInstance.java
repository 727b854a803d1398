package org.pushjobs.server.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A PostgreSQL data directory and the server process on it, by way of {@code initdb} and {@code pg_ctl}. The process is in
 * a session of its own, so that Ctrl-C on our terminal does not stop it before we do. As root everything runs in a user
 * namespace without privileges, because PostgreSQL refuses to run as root. Blocking; callers see to it that only one
 * process at a time starts and stops it.
 */
final class PostgresInstance {
    /** The process that runs on the data directory. */
    record Running(long pid, int port, boolean ready) {}

    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(8);
    private static final long LOG_LIMIT_BYTES = 8L << 20;

    private final Path programs;
    private final Path data;
    private final Path log;

    /**
     * @param programs has {@code bin/pg_ctl}
     * @param data the data directory, need not exist
     * @param log gets what PostgreSQL has to say
     */
    PostgresInstance(Path programs, Path data, Path log) {
        this.programs = programs;
        this.data = data.toAbsolutePath();
        this.log = log;
    }

    /** Makes the data directory unless it is there; a crash on the way leaves none. */
    void initialise(String superuser, Path passwordFile) throws IOException {
        Path versionFile = data.resolve("PG_VERSION");
        if (Files.exists(versionFile)) {
            requireSameMajorVersion(Files.readString(versionFile).strip());
            return;
        }
        Path unfinished = Files.createTempDirectory(data.getParent(), "initialising-");
        run(
                "initdb",
                START_TIMEOUT,
                List.of(
                        "--pgdata=" + unfinished,
                        "--username=" + superuser,
                        "--pwfile=" + passwordFile,
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--locale=C"));
        Files.move(unfinished, data, StandardCopyOption.ATOMIC_MOVE);
    }

    private void requireSameMajorVersion(String dataVersion) throws IOException {
        Process process = new ProcessBuilder(programs.resolve("bin/postgres").toString(), "--version").start();
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String version = answer.replaceFirst("(?s)^\\D*(\\d+).*$", "$1");
        if (!version.equals(dataVersion)) {
            throw new IOException("the data in " + data + " is of PostgreSQL " + dataVersion + ", this server brings "
                    + version + "; dump it with the old version and restore it with the new one");
        }
    }

    /** Starts on a port of 127.0.0.1; returns when connections are accepted. */
    void start(int port, int maxConnections) throws IOException {
        if (Files.exists(log) && Files.size(log) > LOG_LIMIT_BYTES) {
            Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
        String options = String.join(
                " ",
                "-p " + port,
                "-c listen_addresses=127.0.0.1",
                "-c unix_socket_directories=",
                "-c max_connections=" + maxConnections,
                "-c fsync=on",
                "-c log_checkpoints=off");
        run(
                "pg_ctl",
                START_TIMEOUT.plusSeconds(5),
                List.of(
                        "start",
                        "--wait",
                        "--timeout=" + START_TIMEOUT.toSeconds(),
                        "--pgdata=" + data,
                        "--log=" + log,
                        "--options=" + options));
    }

    /**
     * Stops the process, if there is one, and removes what a process that was killed left behind. Open transactions are
     * rolled back.
     */
    void stop() throws IOException {
        Optional<Running> running = running();
        if (running.isPresent()) {
            try {
                stop("fast");
            } catch (IOException e) {
                stop("immediate");
            }
        }
        Files.deleteIfExists(pidFile());
    }

    private void stop(String mode) throws IOException {
        run(
                "pg_ctl",
                STOP_TIMEOUT.plusSeconds(5),
                List.of(
                        "stop",
                        "--wait",
                        "--mode=" + mode,
                        "--timeout=" + STOP_TIMEOUT.toSeconds(),
                        "--pgdata=" + data));
    }

    /** The PostgreSQL process that runs on this very directory. */
    Optional<Running> running() throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(pidFile());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        if (lines.size() < 4 || !lines.get(0).matches("\\d+") || !lines.get(3).matches("\\d+")) {
            return Optional.empty();
        }
        long pid = Long.parseLong(lines.get(0));
        boolean ours = ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .map(ProcessHandle::info)
                .filter(this::isPostgresOnThisDirectory)
                .isPresent();
        boolean ready = lines.size() > 7 && lines.get(7).startsWith("ready");
        return ours ? Optional.of(new Running(pid, Integer.parseInt(lines.get(3)), ready)) : Optional.empty();
    }

    private boolean isPostgresOnThisDirectory(ProcessHandle.Info info) {
        boolean postgres =
                info.command().filter(command -> command.endsWith("/postgres")).isPresent();
        return postgres
                && info.arguments()
                        .filter(list -> List.of(list).contains(data.toString()))
                        .isPresent();
    }

    private Path pidFile() {
        return data.resolve("postmaster.pid");
    }

    private void run(String program, Duration timeout, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.add("unshare");
            command.add("--user");
        }
        command.add(programs.resolve("bin").resolve(program).toString());
        command.addAll(arguments);
        createLog();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new IOException(program + " did not end within " + timeout.toSeconds() + " s, see " + log);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + program, e);
        }
        if (process.exitValue() != 0) {
            throw new IOException(program + " failed [exit status: " + process.exitValue() + ", last words: "
                    + lastLine() + ", log: " + log + "]");
        }
    }

    private String lastLine() throws IOException {
        List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
        return lines.isEmpty() ? "none" : lines.getLast();
    }

    private void createLog() throws IOException {
        if (Files.notExists(log)) {
            Files.createFile(log, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
    }

    private static boolean isRoot() throws IOException {
        return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }
}
