package org.pushjobs.agent.execution;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All processes that a command started and that did not leave its process group. */
final class ProcessGroup {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessGroup.class);
    private static final Duration AFTER_KILL = Duration.ofSeconds(2);
    private static final long SIGNAL_TIME_OUT_SECONDS = 5;
    private static final long LONGEST_PAUSE_MILLIS = 200;

    private final ProcessHandle leader;

    /** @param leader whose process id is the group's id as soon as it has made its session */
    ProcessGroup(ProcessHandle leader) {
        this.leader = leader;
    }

    /**
     * Sends TERM, and KILL to what is left after the grace period. Blocks until nothing is left.
     *
     * @return false when something outlived KILL (a process that hangs in the kernel)
     */
    boolean terminate(Duration grace) throws IOException, InterruptedException {
        if (waitUntilGone("TERM", grace)) {
            return true;
        }
        LOG.warn("a command ignores TERM, it is killed [process group: {}]", leader.pid());
        leader.destroyForcibly();
        return waitUntilGone("KILL", AFTER_KILL);
    }

    private boolean waitUntilGone(String signal, Duration time) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + time.toNanos();
        boolean signalled = false;
        for (long pause = 5; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
            boolean hasMembers = hasMembers();
            if (!hasMembers && !leader.isAlive()) {
                return true;
            }
            if (hasMembers && !signalled) {
                signal(signal);
                signalled = true;
            }
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            Thread.sleep(pause);
        }
    }

    private void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -s \"$0\" -- \"-$1\"", name, "" + leader.pid())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!kill.waitFor(SIGNAL_TIME_OUT_SECONDS, TimeUnit.SECONDS)) {
            kill.destroyForcibly();
        }
    }

    /** Whether a process of the group is alive; zombies are not. */
    private boolean hasMembers() throws IOException {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (isMember(process.resolve("stat"))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Reads {@code PID (NAME) STATE PPID PGRP …}; the name may hold anything. */
    private boolean isMember(Path stat) {
        String text;
        try {
            text = Files.readString(stat, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return false; // it ended meanwhile
        }
        String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", 4);
        return !fields[0].equals("Z") && !fields[0].equals("X") && Long.parseLong(fields[2]) == leader.pid();
    }
}
