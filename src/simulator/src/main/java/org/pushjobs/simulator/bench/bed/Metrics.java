package org.pushjobs.simulator.bench.bed;

import java.util.HashMap;
import java.util.Map;

/** One reading of a server's metrics. */
public final class Metrics {
    private static final double BYTES_PER_MEGABYTE = 1024.0 * 1024;

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

    /** Processes in the cluster, the server included; 0 for one that is alone. */
    int members() {
        return (int) value("pushjobs_cluster_members");
    }

    /** Whether it does, or another member of its cluster. */
    boolean runsJobs() {
        return value("pushjobs_coordinator_active") == 1;
    }

    /** Of the heap, garbage included. */
    public double heapMegabytes() {
        return values.entrySet().stream()
                        .filter(series -> series.getKey().startsWith("jvm_memory_used_bytes{area=\"heap\""))
                        .mapToDouble(Map.Entry::getValue)
                        .sum()
                / BYTES_PER_MEGABYTE;
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
