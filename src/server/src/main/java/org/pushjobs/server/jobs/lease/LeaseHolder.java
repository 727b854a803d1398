package org.pushjobs.server.jobs.lease;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.platform.machine.HostName;

/**
 * Names one life of a server in the lease, so that a later one on the same machine can tell that it has ended and need not wait
 * for the lease to run out. Only what is certain counts: the same boot of the same kernel, the same table of processes, and in
 * it nothing that has this number and began at this time. Where the system does not tell that, nobody is known to have ended.
 *
 * @param host for people
 * @param kernel the machine and its boot, with the name space of process ids; empty where it is not known
 * @param pid of its process
 * @param began when the process began, in the kernel's ticks since the boot
 * @param life id of the server's life, so that two servers in one process have two names
 */
public record LeaseHolder(String host, String kernel, long pid, long began, String life) {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Path PID_NAMESPACE = Path.of("/proc/self/ns/pid");
    private static final String SEPARATOR = "/";
    private static final int PARTS = 5;
    private static final long FIRST_PROCESS = 1;

    /** Of the numbers behind a process's name in its {@code stat}. */
    private static final int STARTTIME = 19;

    public LeaseHolder {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(kernel, "kernel");
        Objects.requireNonNull(life, "life");
    }

    /** @param life its id */
    public static LeaseHolder ofThisProcess(String life) {
        return ofProcess(ProcessHandle.current().pid(), life);
    }

    static LeaseHolder ofProcess(long pid, String life) {
        return new LeaseHolder(
                HostName.ofThisMachine().replace(SEPARATOR, ""),
                thisKernel(),
                pid,
                began(pid).orElse(0L),
                life);
    }

    /** Empty when it is no such name. */
    public static Optional<LeaseHolder> parse(String name) {
        String[] parts = name.split(SEPARATOR, -1);
        if (parts.length != PARTS) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new LeaseHolder(parts[0], parts[1], Long.parseLong(parts[2]), Long.parseLong(parts[3]), parts[4]));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** As it stands in the lease. */
    public String name() {
        return String.join(SEPARATOR, host, kernel, Long.toString(pid), Long.toString(began), life);
    }

    /** A holder's name for people. */
    public static String shown(String name) {
        return parse(name)
                .map(holder -> holder.host() + " (process " + holder.pid() + ")")
                .orElse(name);
    }

    /** Whether the process of the holder of that name is known not to run any more. Reads a file of the system. */
    public static boolean hasEnded(String name) {
        return parse(name).filter(LeaseHolder::hasEnded).isPresent();
    }

    /** Whether its process is known not to run any more. Reads a file of the system. */
    boolean hasEnded() {
        if (kernel.isEmpty() || !kernel.equals(thisKernel())) {
            return false;
        }
        try {
            // who is not shown the first process may not be shown others, either
            return began(FIRST_PROCESS).isPresent()
                    && began(pid).filter(time -> time == began).isEmpty();
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private static String thisKernel() {
        try {
            return Files.readString(BOOT_ID).strip() + " " + Files.readSymbolicLink(PID_NAMESPACE);
        } catch (IOException e) {
            return "";
        }
    }

    /** Empty when there is no such process. */
    private static Optional<Long> began(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            String[] numbers = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return Optional.of(Long.parseLong(numbers[STARTTIME]));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            throw new IllegalStateException("it is not known whether the process " + pid + " runs", e);
        }
    }
}
