package org.pushjobs.platform.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What people call the machine. */
public final class HostName {
    private static final Path FILE = Path.of("/proc/sys/kernel/hostname");
    private static final String UNKNOWN = "localhost";

    private HostName() {}

    /** As the kernel has it, without asking any name service. */
    public static String ofThisMachine() {
        try {
            return Files.readString(FILE).strip();
        } catch (IOException e) {
            return UNKNOWN;
        }
    }
}
