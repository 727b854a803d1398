package org.pushjobs.apitest;

import java.io.IOException;
import java.util.Objects;

/**
 * One thing that the server has to do.
 *
 * @param name a sentence without its full stop
 * @param extent when it is looked at
 */
record ApiCase(String name, Extent extent, Check check) {
    /** How much is tested. */
    enum Extent {
        /** What has to work before anything else matters. */
        SMOKE,
        ALL
    }

    /** Does it and looks at what comes of it. */
    @FunctionalInterface
    interface Check {
        void run(Bench bench) throws CaseFailure, IOException, InterruptedException;
    }

    ApiCase {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(extent, "extent");
        Objects.requireNonNull(check, "check");
    }
}
