package org.pushjobs.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * A counter for each value of a label. Those of values that can come are there from the start, so that their first count is seen
 * as a rise; a value that is not expected has one from its first count on. Usable from any thread; counting allocates nothing
 * but with such a first one.
 */
final class CountersByLabel<V> {
    private final MeterRegistry registry;
    private final Names names;
    private final Function<V, String> text;
    private final Map<V, Counter> counters = new ConcurrentHashMap<>();

    /**
     * How they are called.
     *
     * @param tags that all have
     * @param label whose values they differ in
     */
    record Names(String name, String description, Tags tags, String label) {}

    /**
     * @param text of a value
     * @param expected the values that can come
     */
    CountersByLabel(MeterRegistry registry, Names names, Function<V, String> text, Collection<V> expected) {
        this.registry = Objects.requireNonNull(registry, "registry");
        this.names = Objects.requireNonNull(names, "names");
        this.text = Objects.requireNonNull(text, "text");
        expected.forEach(value -> counters.put(value, register(value)));
    }

    private Counter register(V value) {
        return Counter.builder(names.name())
                .description(names.description())
                .tags(names.tags())
                .tag(names.label(), text.apply(value))
                .register(registry);
    }

    void increment(V value) {
        counters.computeIfAbsent(value, this::register).increment();
    }

    void increment(V value, long times) {
        counters.computeIfAbsent(value, this::register).increment(times);
    }
}
