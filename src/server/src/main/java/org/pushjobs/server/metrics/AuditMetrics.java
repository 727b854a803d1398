package org.pushjobs.server.metrics;

import io.micrometer.core.instrument.Counter;

/** What is counted of the lines of the audit log that go to one place. Usable from any thread. */
public final class AuditMetrics {
    private final Counter written;
    private final Counter lost;

    /** @param sink where they go */
    public AuditMetrics(ServerMetrics metrics, String sink) {
        this.written = counter(metrics, sink, "written");
        this.lost = counter(metrics, sink, "lost");
    }

    private static Counter counter(ServerMetrics metrics, String sink, String outcome) {
        return Counter.builder("pushjobs.audit.lines")
                .description("lines of the audit log, by where they go and what became of them")
                .tag("sink", sink)
                .tag("outcome", outcome)
                .register(metrics.registry());
    }

    public void written(long lines) {
        written.increment(lines);
    }

    public void lost(long lines) {
        lost.increment(lines);
    }
}
