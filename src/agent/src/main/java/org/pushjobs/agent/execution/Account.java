package org.pushjobs.agent.execution;

import java.util.Objects;

/**
 * A user of the operating system.
 *
 * @param uid unsigned, as the system has it: 4294967294 is -2
 * @param gid unsigned too, of the user's first group
 */
public record Account(String name, int uid, int gid) {
    public Account {
        Objects.requireNonNull(name, "name");
    }
}
