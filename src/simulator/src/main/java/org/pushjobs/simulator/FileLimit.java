package org.pushjobs.simulator;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.pushjobs.simulator.fleet.FleetSettings;

/** How many files and connections this process may have open. */
public final class FileLimit {
    /** Jars, event loops, standard streams and the like. */
    private static final int OWN_FILES = 100;

    private FileLimit() {}

    /** File descriptors that a fleet takes. */
    static long needed(FleetSettings settings) {
        long ofAgents = switch (settings.subscription()) {
            case SHARED -> settings.nodes() + 1L;
            case OWN -> 2L * settings.nodes();
        };
        return ofAgents + settings.configConnections();
    }

    /**
     * @param needed file descriptors for connections
     * @param forWhat said in the error
     * @throws CannotRunException when they do not fit into this process's limit
     */
    public static void check(long needed, String forWhat) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            long limit = system.getMaxFileDescriptorCount();
            if (needed + OWN_FILES > limit) {
                throw new CannotRunException(forWhat + " need " + (needed + OWN_FILES)
                        + " file descriptors, this process may have " + limit
                        + "; raise the limit (ulimit -n), simulate fewer, share the subscription (--sub shared),"
                        + " or use several processes with different --first");
            }
        }
    }
}
