package org.pushjobs.server.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the server counts about its calls to a Chef server; answers out of its cache are none. All meters are there from the
 * start. Usable from any thread.
 */
public final class DirectoryMetrics {
    /** Time of calls, by {@code call} and {@code outcome}, which is {@code answered} or {@code failed}. */
    public static final String CALLS = "pushjobs.directory.call.duration";

    /** 1 while an {@code address} answers, 0 from the first call that failed until one is answered again. */
    public static final String AVAILABLE = "pushjobs.directory.available";

    /** What was asked for. */
    public enum Call {
        ORGANISATION,
        PRINCIPALS,
        GROUP
    }

    /** Of the Chef server. */
    public enum Address {
        /** Of erchef itself. */
        INTERNAL,
        /** Where everybody asks. */
        ROOT
    }

    private final Map<Call, Timer> answered;
    private final Map<Call, Timer> failed;
    private final Map<Address, AtomicInteger> available = new EnumMap<>(Address.class);

    DirectoryMetrics(MeterRegistry registry) {
        this.answered = timers(registry, "answered");
        this.failed = timers(registry, "failed");
        for (Address address : Address.values()) {
            AtomicInteger state = new AtomicInteger(1);
            available.put(address, state);
            Gauge.builder(AVAILABLE, state, AtomicInteger::get)
                    .description("whether the Chef server answers")
                    .tag("address", label(address))
                    .register(registry);
        }
    }

    private static Map<Call, Timer> timers(MeterRegistry registry, String outcome) {
        Map<Call, Timer> timers = new EnumMap<>(Call.class);
        for (Call call : Call.values()) {
            timers.put(
                    call,
                    Timer.builder(CALLS)
                            .description("calls to the Chef server")
                            .tag("call", label(call))
                            .tag("outcome", outcome)
                            .register(registry));
        }
        return Collections.unmodifiableMap(timers);
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** The Chef server gave an answer that makes sense, be it that there is nothing of this name. */
    public void answered(Call call, Duration took) {
        answered.get(call).record(took);
    }

    /** It gave none in time, or one that makes no sense. */
    public void failed(Call call, Duration took) {
        failed.get(call).record(took);
    }

    public void available(Address address) {
        available.get(address).set(1);
    }

    public void unavailable(Address address) {
        available.get(address).set(0);
    }
}
