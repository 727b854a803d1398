package org.pushjobs.server.directory;

/** How old an answer of a directory may be. */
sealed interface Age {
    /** As old as it may be remembered. */
    record Remembered() implements Age {}

    /**
     * What acts on something: asked for at this moment or later.
     *
     * @param sinceNanos by {@link Timing}
     */
    record Recent(long sinceNanos) implements Age {}

    /**
     * What somebody is refused on: asked for at this moment or later. These look-ups are bounded in all, since strangers can
     * cause them.
     *
     * @param sinceNanos by {@link Timing}
     */
    record Present(long sinceNanos) implements Age {}

    /** Whether an answer counts that is asked for at this moment, as far as anything is remembered. */
    default boolean allows(long askedNanos) {
        return switch (this) {
            case Remembered() -> true;
            case Recent(long since) -> askedNanos - since >= 0;
            case Present(long since) -> askedNanos - since >= 0;
        };
    }

    /** What was asked for from a second before now. */
    static Age recent(Timing timing) {
        return new Recent(timing.nanos() - LookUpCache.INTERVAL.toNanos());
    }

    /** What is asked for from now on. */
    static Age present(Timing timing) {
        return new Present(timing.nanos());
    }
}
