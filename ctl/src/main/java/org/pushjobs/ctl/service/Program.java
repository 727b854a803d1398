package org.pushjobs.ctl.service;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.service.Supervisor.Answer;

/** Runs other programs, without input and in the root directory. */
public final class Program {
    private static final Duration LIMIT = Duration.ofSeconds(120);

    /** Sv would wait for seven; the server may take this long to end. */
    private static final String SECONDS_TO_STOP = "30";

    private Program() {}

    /**
     * With a limit.
     *
     * @param environment variables that are added
     * @param advice for somebody who has no such program
     * @throws CtlException when it cannot be run, or has not ended after two minutes
     */
    public static Answer run(List<String> command, Map<String, String> environment, Supplier<String> advice)
            throws CtlException, InterruptedException {
        return run(command, environment, advice, LIMIT);
    }

    static Answer run(List<String> command, Map<String, String> environment, Supplier<String> advice, Duration limit)
            throws CtlException, InterruptedException {
        ProcessBuilder builder = builder(command);
        builder.environment().putAll(environment);
        builder.environment().putIfAbsent("SVWAIT", SECONDS_TO_STOP);
        AtomicBoolean isLate = new AtomicBoolean();
        try {
            Process process = builder.start();
            // It may leave its output to others that go on.
            Thread killer = Thread.ofVirtual().start(() -> endAfter(limit, process, isLate));
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            killer.interrupt();
            if (isLate.get()) {
                throw late(command, limit);
            }
            return new Answer(status, text);
        } catch (IOException e) {
            throw isLate.get() ? late(command, limit) : cannotBeRun(command, advice, e);
        }
    }

    /**
     * Without a limit: for one that says how far it is.
     *
     * @param advice for somebody who has no such program
     * @param lines gets each line when it is said
     * @return its status
     */
    public static int follow(List<String> command, Supplier<String> advice, Consumer<String> lines)
            throws CtlException, InterruptedException {
        try {
            Process process = builder(command).start();
            try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
                output.lines().forEach(lines);
            }
            return process.waitFor();
        } catch (IOException | UncheckedIOException e) {
            throw cannotBeRun(command, advice, e);
        }
    }

    private static ProcessBuilder builder(List<String> command) {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .directory(new File("/"))
                .redirectInput(Path.of("/dev/null").toFile());
    }

    private static CtlException cannotBeRun(List<String> command, Supplier<String> advice, Exception why) {
        return new CtlException(command.getFirst() + " cannot be run (" + why.getMessage() + "): " + advice.get(), why);
    }

    private static CtlException late(List<String> command, Duration limit) {
        return new CtlException(String.join(" ", command) + " has not ended within " + limit.toSeconds()
                + " s and was killed; whether it has done what it should is not known");
    }

    private static void endAfter(Duration limit, Process process, AtomicBoolean isLate) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                isLate.set(true);
                process.destroyForcibly();
                process.getInputStream().close();
            }
        } catch (InterruptedException | IOException e) {
            process.destroyForcibly();
        }
    }
}
