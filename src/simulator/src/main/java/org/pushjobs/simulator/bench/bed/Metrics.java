package org.pushjobs.simulator.bench.bed;

import java.util.HashMap;
import java.util.Map;

/** One reading of a server's metrics. */
public final class Metrics {
    private final Map<String, Double> values = new HashMap<>();

    /** @param text Prometheus' text format */
    public Metrics(String text) {
        text.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            int blank = line.lastIndexOf(' ');
            if (blank > 0) {
                values.put(line.substring(0, blank), Double.parseDouble(line.substring(blank + 1)));
            }
        });
    }

    /** Nodes that can take part in jobs. */
    public int availableNodes() {
        return (int) value("pushjobs_nodes{availability=\"available\"}");
    }

    /** Heartbeats of nodes that passed all checks, since the server's start. */
    public long heartbeatsReceived() {
        return (long) value("pushjobs_messages_received_total{type=\"heartbeat\"}");
    }

    /** 0 for one that is not there: counters with labels appear with their first count. */
    public double value(String series) {
        return values.getOrDefault(series, 0.0);
    }

    @Override
    public String toString() {
        return availableNodes() + " nodes available, " + heartbeatsReceived() + " heartbeats received";
    }
}
