package org.pushjobs.server.directory;

import java.util.Objects;

/**
 * @param name may change
 * @param guid 32 lower-case hex digits, never changes
 */
public record Organisation(String name, String guid) {
    public Organisation {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(guid, "guid");
    }
}
