package org.pushjobs.agent.execution;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All processes of one job on this node: those in the process group or session of its command, those that carry the job's
 * id and this node's name in their environment, which every process inherits that does not take care not to, and the
 * children of all of them. So also a child that made a session of its own and whose parent is gone is found. The agent itself
 * and those that it descends from are never among them.
 */
final class JobProcesses {
    static final String NODE_VARIABLE = "CHEF_PUSH_NODE_NAME";
    static final String JOB_VARIABLE = "CHEF_PUSH_JOB_ID";

    private static final Logger LOG = LoggerFactory.getLogger(JobProcesses.class);
    private static final Duration AFTER_KILL = Duration.ofSeconds(2);
    private static final long LONGEST_PAUSE_MILLIS = 100;
    private static final Path PROC = Path.of("/proc");

    private final String jobId;
    private final String nodeVariable;
    private final String jobVariable;
    private final OptionalLong leader;
    private final Set<Long> spared = new HashSet<>();

    private record Status(ProcessHandle handle, long parent, long group, long session) {}

    private JobProcesses(String nodeName, String jobId, OptionalLong leader) {
        this.jobId = jobId;
        this.nodeVariable = NODE_VARIABLE + "=" + nodeName;
        this.jobVariable = JOB_VARIABLE + "=" + jobId;
        this.leader = leader;
        for (Optional<ProcessHandle> agent = Optional.of(ProcessHandle.current());
                agent.isPresent();
                agent = agent.get().parent()) {
            spared.add(agent.get().pid());
        }
    }

    /** @param leader the command, whose process id is that of its group and session */
    static JobProcesses of(String nodeName, String jobId, ProcessHandle leader) {
        return new JobProcesses(nodeName, jobId, OptionalLong.of(leader.pid()));
    }

    /** Those that an agent which is gone has left. */
    static JobProcesses leftOf(String nodeName, String jobId) {
        return new JobProcesses(nodeName, jobId, OptionalLong.empty());
    }

    /**
     * Sends TERM to each, and KILL to what is left after the grace period. Blocks until nothing is left.
     *
     * @return false when something outlived KILL (a process that hangs in the kernel)
     */
    boolean terminate(Duration grace) throws IOException, InterruptedException {
        Set<ProcessHandle> asked = new HashSet<>();
        boolean gone = untilGone(grace, process -> {
            if (asked.add(process)) {
                process.destroy();
            }
        });
        if (gone) {
            return true;
        }
        LOG.warn("a command ignores TERM, it is killed [job: {}]", jobId);
        return untilGone(AFTER_KILL, ProcessHandle::destroyForcibly);
    }

    private interface Blow {
        void strike(ProcessHandle process);
    }

    private boolean untilGone(Duration time, Blow blow) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + time.toNanos();
        for (long pause = 5; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
            List<ProcessHandle> alive = alive();
            if (alive.isEmpty()) {
                return true;
            }
            alive.forEach(blow::strike);
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            Thread.sleep(pause);
        }
    }

    /** Zombies are not among them. */
    List<ProcessHandle> alive() throws IOException {
        Map<Long, Status> others = new HashMap<>();
        Deque<Status> found = new ArrayDeque<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                long pid = Long.parseLong(process.getFileName().toString());
                Optional<Status> status = spared.contains(pid) ? Optional.empty() : status(pid, process);
                status.ifPresent(known -> {
                    if (isOfJob(known, process)) {
                        found.add(known);
                    } else {
                        others.put(pid, known);
                    }
                });
            }
        }
        return withChildren(found, others);
    }

    private static List<ProcessHandle> withChildren(Deque<Status> found, Map<Long, Status> others) {
        List<ProcessHandle> all = new ArrayList<>();
        while (!found.isEmpty()) {
            Status parent = found.removeFirst();
            all.add(parent.handle);
            others.values().stream()
                    .filter(other -> other.parent == parent.handle.pid())
                    .toList()
                    .forEach(child -> {
                        others.remove(child.handle.pid());
                        found.add(child);
                    });
        }
        return all;
    }

    /** The handle comes first: a signal through it reaches this process only, not one that got its id later. */
    private static Optional<Status> status(long pid, Path process) {
        return ProcessHandle.of(pid).flatMap(handle -> status(handle, process));
    }

    /** Reads {@code PID (NAME) STATE PPID PGRP SESSION …}; the name may hold anything. */
    private static Optional<Status> status(ProcessHandle handle, Path process) {
        String text;
        try {
            text = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return Optional.empty(); // it ended meanwhile
        }
        String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", 5);
        return fields[0].equals("Z") || fields[0].equals("X")
                ? Optional.empty()
                : Optional.of(new Status(
                        handle, Long.parseLong(fields[1]), Long.parseLong(fields[2]), Long.parseLong(fields[3])));
    }

    private boolean isOfJob(Status status, Path process) {
        boolean related =
                leader.isPresent() && (status.group == leader.getAsLong() || status.session == leader.getAsLong());
        return related || isMarked(process);
    }

    private boolean isMarked(Path process) {
        String environment;
        try {
            environment = Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return false; // it ended meanwhile, or belongs to somebody whom this agent cannot signal either
        }
        return holds(environment, jobVariable) && holds(environment, nodeVariable);
    }

    /** Variables end with a zero; their text is compared byte by byte. */
    private static boolean holds(String environment, String variable) {
        String bytes = new String(variable.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        return environment.startsWith(bytes + "\0") || environment.contains("\0" + bytes + "\0");
    }
}
