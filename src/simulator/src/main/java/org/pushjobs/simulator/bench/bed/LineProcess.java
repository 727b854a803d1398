package org.pushjobs.simulator.bench.bed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A program that reports by a JSON object a line and takes commands a line each. */
public final class LineProcess implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

    private final Process process;
    private final Path errors;
    private volatile Optional<IOException> failure = Optional.empty();
    private volatile JsonNode last = JSON.createObjectNode();

    private LineProcess(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
    }

    /** @param errors where its error output is appended */
    static LineProcess start(List<String> command, Path errors) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
                .start();
        LineProcess lines = new LineProcess(process, errors);
        Thread.ofVirtual().name("reports").start(lines::read);
        return lines;
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                last = JSON.readTree(line);
            }
        } catch (IOException e) {
            failure = Optional.of(e);
        }
    }

    /** Its last report; an empty object before the first one. */
    public JsonNode last() {
        if (!process.isAlive()) {
            throw new BenchException("a process ended with " + process.exitValue() + ", see " + errors);
        }
        failure.ifPresent(cause -> {
            throw new BenchException("the reports of a process cannot be read", cause);
        });
        return last;
    }

    /** The first report that is as wanted. */
    public JsonNode await(String what, Duration atMost, Predicate<JsonNode> wanted) throws InterruptedException {
        return Waiting.value(what, atMost, this::last, wanted);
    }

    /** A number of the last report, 0 when it has none. */
    public long number(String field) {
        return last().path(field).asLong();
    }

    public ProcessStatistics statistics() {
        return new ProcessStatistics(process.pid());
    }

    /** Sends it a line. */
    public void command(String line) throws IOException {
        OutputStream out = process.getOutputStream();
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
