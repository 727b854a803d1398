package org.pushjobs.rubyconfig;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The running child: what it writes is read up to a limit, and it is ended when it takes too long. */
final class EvaluatorProcess {
    /** More than any file sets. */
    static final int MOST_BYTES = 4 << 20;

    /** For output that a process started by the file still holds open. */
    private static final Duration AFTER_EXIT = Duration.ofSeconds(1);

    private final Process process;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    EvaluatorProcess(Process process) {
        this.process = process;
    }

    /** Blocks until the child has ended and returns all that it wrote. */
    String output(Duration timeLimit, Path file) throws RubyConfigException, InterruptedException {
        Thread reader = Thread.ofVirtual().name("ruby-output").start(this::read);
        try {
            if (!process.waitFor(timeLimit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new RubyConfigException(
                        file + " was given up: its evaluation took longer than " + timeLimit.toSeconds() + " s");
            }
            reader.join(AFTER_EXIT);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        synchronized (output) {
            if (output.size() >= MOST_BYTES) {
                throw new RubyConfigException(file + " was given up: it writes more than " + MOST_BYTES + " bytes");
            }
            return output.toString(StandardCharsets.UTF_8);
        }
    }

    private void read() {
        byte[] buffer = new byte[16_384];
        try (InputStream stream = process.getInputStream()) {
            for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
                synchronized (output) {
                    output.write(buffer, 0, Math.min(count, MOST_BYTES - output.size()));
                    if (output.size() >= MOST_BYTES) {
                        process.destroyForcibly();
                        return;
                    }
                }
            }
        } catch (IOException e) {
            // the child is gone: what was read until now is what there is
        }
    }
}
