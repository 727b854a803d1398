package org.pushjobs.simulator.bench.bed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the kernel says of a process (Linux, /proc). */
public final class ProcessStatistics {
    /** The kernel's USER_HZ, which is 100 on every architecture that Java runs on. */
    private static final double MILLIS_PER_TICK = 10;

    private static final int UTIME = 13;
    private static final int STIME = 14;
    private static final double KILOBYTES_PER_MEGABYTE = 1024;

    private final Path directory;

    public ProcessStatistics(long pid) {
        this.directory = Path.of("/proc", Long.toString(pid));
    }

    /** CPU time of all its threads since its start, in its own code and in the kernel. */
    public double cpuMillis() throws IOException {
        String stat = Files.readString(directory.resolve("stat"));
        // The second field is the program's name in brackets and may hold blanks.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[UTIME - 2]) + Long.parseLong(fields[STIME - 2])) * MILLIS_PER_TICK;
    }

    /** Resident memory. */
    public double residentMegabytes() throws IOException {
        return megabytes("VmRSS:");
    }

    /** The most that its resident memory has been. */
    public double mostResidentMegabytes() throws IOException {
        return megabytes("VmHWM:");
    }

    private double megabytes(String field) throws IOException {
        return Files.readAllLines(directory.resolve("status")).stream()
                        .filter(line -> line.startsWith(field))
                        .map(line -> line.replaceAll("\\D", ""))
                        .mapToDouble(Double::parseDouble)
                        .findFirst()
                        .orElseThrow(() -> new IOException("no " + field + " in " + directory))
                / KILOBYTES_PER_MEGABYTE;
    }
}
