package org.pushjobs.server.jobs.directory;

import java.util.Optional;
import java.util.Set;

/** Which gateways there are; usable from any thread. */
@FunctionalInterface
public interface Gateways {
    /** Their ids; empty when it is not known whether there are others. */
    Optional<Set<String>> all();
}
