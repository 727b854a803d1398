package org.pushjobs.simulator.diary;

import java.util.Optional;

/** Keeps what agents did. Usable from any thread; never waits. */
public interface Diary extends AutoCloseable {
    /** Keeps nothing. */
    Diary NONE = (_, _, _) -> {};

    void note(Entry.What what, String node, Optional<String> jobId);

    /** Ends it when nobody notes anything any more. */
    @Override
    default void close() {}
}
