package org.pushjobs.server.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Numbers that others keep. A registry takes a gauge of one name once and ignores the next; here the number that was given
 * last is shown, so that a part of the server that is started anew is seen, and the one that has ended can be forgotten.
 * Usable from any thread.
 */
final class Gauges {
    private final MeterRegistry registry;
    private final Map<Key, AtomicReference<Supplier<Number>>> values = new ConcurrentHashMap<>();

    private record Key(String name, Tags tags) {}

    Gauges(MeterRegistry registry) {
        this.registry = Objects.requireNonNull(registry, "registry");
    }

    /** @param value asked at each scrape, from any thread */
    void watch(String name, Tags tags, String description, Supplier<Number> value) {
        values.computeIfAbsent(new Key(name, tags), key -> registered(key, description))
                .set(Objects.requireNonNull(value, "value"));
    }

    private AtomicReference<Supplier<Number>> registered(Key key, String description) {
        AtomicReference<Supplier<Number>> current = new AtomicReference<>(() -> Double.NaN);
        Gauge.builder(key.name(), () -> current.get().get())
                .description(description)
                .tags(key.tags())
                .register(registry);
        return current;
    }
}
