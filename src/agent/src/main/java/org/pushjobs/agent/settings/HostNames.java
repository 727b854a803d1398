package org.pushjobs.agent.settings;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this machine is called. */
public final class HostNames {
    private static final Path OF_THE_KERNEL = Path.of("/proc/sys/kernel/hostname");

    private HostNames() {}

    /**
     * With its domain where the name service knows it, else without; the default of a node's name. Asks the name service and
     * blocks.
     */
    public static String fullName() {
        try {
            String name = InetAddress.getLocalHost().getCanonicalHostName();
            // A machine without a name in the name service is given its address there.
            return name.matches("[0-9.]+|.*:.*") || name.equals("localhost") ? hostName() : name;
        } catch (UnknownHostException e) {
            return hostName();
        }
    }

    /** As the kernel has it, whatever the name service knows. */
    public static String hostName() {
        try {
            return Files.readString(OF_THE_KERNEL).strip();
        } catch (IOException e) {
            return "localhost";
        }
    }
}
