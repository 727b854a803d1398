package org.pushjobs.ctl.service;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.service.Supervisor.Answer;

/** Runs other programs, without input, in the root directory and with a limit. */
public final class Program {
    private static final Duration LIMIT = Duration.ofSeconds(120);

    /** Sv would wait for seven; the server may take this long to end. */
    private static final String SECONDS_TO_STOP = "30";

    private Program() {}

    /**
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
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .directory(new File("/"))
                .redirectInput(Path.of("/dev/null").toFile());
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
            throw isLate.get()
                    ? late(command, limit)
                    : new CtlException(
                            command.getFirst() + " cannot be run (" + e.getMessage() + "): " + advice.get(), e);
        }
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
