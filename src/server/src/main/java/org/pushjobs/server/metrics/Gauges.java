package org.pushjobs.server.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
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
    void watch(String name, String description, Tags tags, Supplier<Number> value) {
        watch(
                new Key(name, tags),
                value,
                current -> Gauge.builder(name, () -> current.get().get())
                        .description(description)
                        .tags(tags)
                        .register(registry));
    }

    /**
     * A number with a unit, which Prometheus has at the end of its name.
     *
     * @param unit {@code seconds} or {@code bytes}
     * @param value asked at each scrape, from any thread
     */
    void watch(String name, String unit, String description, Tags tags, Supplier<Number> value) {
        watch(
                new Key(name + "." + unit, tags),
                value,
                current -> Gauge.builder(name, () -> current.get().get())
                        .baseUnit(unit)
                        .description(description)
                        .tags(tags)
                        .register(registry));
    }

    /** @param total asked at each scrape, from any thread; never falls */
    void count(String name, String description, Supplier<Number> total) {
        watch(
                new Key(name, Tags.empty()),
                total,
                current -> FunctionCounter.builder(
                                name,
                                current,
                                reference -> reference.get().get().doubleValue())
                        .description(description)
                        .register(registry));
    }

    private void watch(Key key, Supplier<Number> value, Consumer<AtomicReference<Supplier<Number>>> register) {
        Objects.requireNonNull(value, "value");
        values.computeIfAbsent(key, _ -> {
                    AtomicReference<Supplier<Number>> current = new AtomicReference<>(value);
                    register.accept(current);
                    return current;
                })
                .set(value);
    }
}
