package org.pushjobs.server.directory;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Objects;

/**
 * @param name may change
 * @param guid 32 lower-case hex digits, never changes
 */
public record Organisation(String name, String guid) {
    private static final int GUID_BYTES = 16;

    public Organisation {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(guid, "guid");
    }

    /** One that is new, with a random guid. */
    static Organisation create(String name) {
        byte[] random = new byte[GUID_BYTES];
        new SecureRandom().nextBytes(random);
        return new Organisation(name, HexFormat.of().formatHex(random));
    }
}
