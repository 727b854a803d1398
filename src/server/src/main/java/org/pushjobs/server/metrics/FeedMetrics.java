package org.pushjobs.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** What is counted of the readers of event feeds. Usable from any thread. */
public final class FeedMetrics {
    /** Readers at the moment. */
    public static final String READERS = "pushjobs.feeds.readers";

    /** Readers that were cut off because they did not read, or may not any more. */
    public static final String READERS_CUT = "pushjobs.feeds.readers.cut";

    private final AtomicInteger readers = new AtomicInteger();
    private final Counter cut;

    FeedMetrics(MeterRegistry registry) {
        Gauge.builder(READERS, readers, AtomicInteger::get)
                .description("readers of event feeds")
                .strongReference(true)
                .register(registry);
        cut = Counter.builder(READERS_CUT)
                .description("readers of event feeds that were cut off")
                .register(registry);
    }

    /** Somebody began to read a feed. */
    public void opened() {
        readers.incrementAndGet();
    }

    /** A reader of a feed is gone, for whatever reason. */
    public void closed() {
        readers.decrementAndGet();
    }

    /** A reader of a feed was cut off; {@link #closed} is called, too. */
    public void cut() {
        cut.increment();
    }
}
