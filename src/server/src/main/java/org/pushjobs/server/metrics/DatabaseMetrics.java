package org.pushjobs.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.VertxMetricsFactory;
import io.vertx.core.spi.metrics.ClientMetrics;
import io.vertx.core.spi.metrics.PoolMetrics;
import io.vertx.core.spi.metrics.VertxMetrics;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * What is counted of the database. It listens to Vert.x' own hooks, so that no call can be forgotten; of all that Vert.x
 * offers it takes only the SQL client. Which host is used it is told. Usable from any thread.
 */
public final class DatabaseMetrics implements VertxMetricsFactory, VertxMetrics {
    private static final String SQL = "sql";
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(20),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(2),
        Duration.ofSeconds(10)
    };

    private final MeterRegistry registry;
    private final Timer calls;
    private final Counter failures;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger inUse = new AtomicInteger();

    DatabaseMetrics(MeterRegistry registry) {
        this.registry = registry;
        calls = Timer.builder("pushjobs.database.call.duration")
                .description("statements that the database answered, with a result or an error, and how long that took")
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
        failures = Counter.builder("pushjobs.database.call.failures")
                .description("statements that failed, and those that were sent and never answered")
                .register(registry);
        Gauge.builder("pushjobs.database.waiting", waiting, AtomicInteger::get)
                .description("requests that wait for a connection")
                .strongReference(true)
                .register(registry);
        Gauge.builder("pushjobs.database.connections", inUse, AtomicInteger::get)
                .description("connections in use")
                .strongReference(true)
                .register(registry);
    }

    /**
     * Watches which of the hosts of the database is used; to be called once.
     *
     * @param used asked at each scrape, from any thread
     */
    public void watchHosts(List<String> hosts, Supplier<Optional<String>> used) {
        hosts.forEach(host -> Gauge.builder(
                        "pushjobs.database.host",
                        () -> used.get().filter(host::equals).isPresent() ? 1 : 0)
                .description("1 for the host of the database that is used, else 0")
                .tag("host", host)
                .register(registry));
    }

    /**
     * Counts changes of the host for one reason.
     *
     * @return to be run for each of them, from any thread
     */
    public Runnable hostChanges(String reason) {
        Counter changes = Counter.builder("pushjobs.database.host.changes")
                .description("how often another host of the database was used than before")
                .tag("reason", reason)
                .register(registry);
        return changes::increment;
    }

    @Override
    public VertxMetrics metrics(VertxOptions options) {
        return this;
    }

    @Override
    public boolean isMetricsEnabled() {
        return true;
    }

    @Override
    public ClientMetrics<?, ?, ?> createClientMetrics(SocketAddress remoteAddress, String type, String namespace) {
        return type.equals(SQL) ? new Calls() : null;
    }

    @Override
    public PoolMetrics<?, ?> createPoolMetrics(String poolType, String poolName, int maxPoolSize) {
        return poolType.equals(SQL) ? new Connections() : null;
    }

    /** The time of each statement; the metric that is handed around is when it was sent. */
    private final class Calls implements ClientMetrics<Long, Object, Object> {
        @Override
        public Long requestBegin(String uri, Object request) {
            return System.nanoTime();
        }

        @Override
        public void responseEnd(Long begin) {
            calls.record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
        }

        @Override
        public void requestReset(Long begin) {
            failures.increment();
            calls.record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
        }
    }

    private final class Connections implements PoolMetrics<Boolean, Boolean> {
        @Override
        public Boolean enqueue() {
            waiting.incrementAndGet();
            return true;
        }

        @Override
        public void dequeue(Boolean queued) {
            waiting.decrementAndGet();
        }

        @Override
        public Boolean begin() {
            inUse.incrementAndGet();
            return true;
        }

        @Override
        public void end(Boolean used) {
            inUse.decrementAndGet();
        }
    }
}
