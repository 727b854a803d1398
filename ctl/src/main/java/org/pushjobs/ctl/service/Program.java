package org.pushjobs.ctl.service;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.service.Supervisor.Answer;

/** Runs other programs, without input, in the root directory and with a limit. */
public final class Program {
    private static final int SECONDS = 120;

    /** Sv would wait for seven; the server may take this long to end. */
    private static final String SECONDS_TO_STOP = "30";

    private Program() {}

    /**
     * @param environment variables that are added
     * @param advice for somebody who has no such program
     */
    public static Answer run(List<String> command, Map<String, String> environment, Supplier<String> advice)
            throws CtlException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .directory(new File("/"))
                .redirectInput(Path.of("/dev/null").toFile());
        builder.environment().putAll(environment);
        builder.environment().putIfAbsent("SVWAIT", SECONDS_TO_STOP);
        try {
            Process process = builder.start();
            // It may leave its output to others that go on.
            Thread killer = Thread.ofVirtual().start(() -> endAfterLimit(process));
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            killer.interrupt();
            return new Answer(status, text);
        } catch (IOException e) {
            throw new CtlException(command.getFirst() + " cannot be run (" + e.getMessage() + "): " + advice.get(), e);
        }
    }

    private static void endAfterLimit(Process process) {
        try {
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                process.getInputStream().close();
            }
        } catch (InterruptedException | IOException e) {
            process.destroyForcibly();
        }
    }
}
