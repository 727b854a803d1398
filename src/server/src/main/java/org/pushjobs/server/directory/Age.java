package org.pushjobs.server.directory;

/** How old an answer of a directory may be. Moments are those of {@link Timing}. */
sealed interface Age {
    /** As old as it may be remembered. */
    record Remembered() implements Age {}

    /**
     * For what acts on something: asked for at this moment or later, or remembered from the second before it.
     *
     * @param sinceNanos the moment
     */
    record Recent(long sinceNanos) implements Age {
        boolean isSince(long askedNanos) {
            return askedNanos - sinceNanos >= 0;
        }

        boolean isOfLastSecond(long askedNanos) {
            return askedNanos - lastSecondNanos() >= 0;
        }

        long lastSecondNanos() {
            return sinceNanos - LookUpCache.INTERVAL.toNanos();
        }
    }

    /**
     * For what somebody is refused on: asked for at this moment or later. These look-ups are bounded in all, since
     * strangers can cause them.
     *
     * @param sinceNanos the moment
     */
    record Present(long sinceNanos) implements Age {
        boolean isSince(long askedNanos) {
            return askedNanos - sinceNanos >= 0;
        }
    }
}
