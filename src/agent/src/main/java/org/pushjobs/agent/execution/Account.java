package org.pushjobs.agent.execution;

import java.util.Objects;

/** A user of the operating system. */
public record Account(String name, int uid, int gid) {
    public Account {
        Objects.requireNonNull(name, "name");
    }
}
