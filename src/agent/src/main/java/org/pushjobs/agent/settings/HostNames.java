package org.pushjobs.agent.settings;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** What this machine is called. Look-ups may ask the name service and block. */
public final class HostNames {
    private HostNames() {}

    /** With its domain where that is known, else without; the default of a node's name. */
    public static String fullName() {
        try {
            String name = InetAddress.getLocalHost().getCanonicalHostName();
            // A machine without a name in the name service is given its address there.
            return name.matches("[0-9.]+|.*:.*") || name.equals("localhost") ? hostName() : name;
        } catch (UnknownHostException e) {
            return hostName();
        }
    }

    /** As the kernel has it. */
    public static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
