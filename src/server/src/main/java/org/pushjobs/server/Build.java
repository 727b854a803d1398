package org.pushjobs.server;

import java.util.Objects;

/** Which build of the server this is. */
public final class Build {
    private static final String FROM_A_CHECKOUT = "checkout";

    private Build() {}

    /** The version in the archive's manifest; of classes that are in none {@code checkout}. */
    public static String version() {
        return Objects.requireNonNullElse(Build.class.getPackage().getImplementationVersion(), FROM_A_CHECKOUT);
    }
}
