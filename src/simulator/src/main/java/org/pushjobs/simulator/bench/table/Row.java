package org.pushjobs.simulator.bench.table;

import java.util.Locale;
import java.util.OptionalDouble;

/** The rows of the benchmark: what is measured, what the original server reached, and what this one has to. */
public enum Row {
    CPU_5000(Unit.MILLIS_CPU, "server CPU per heartbeat, 5,000 nodes at 1 s", 0.235, atMost(0.03, 0.018)),
    CPU_1000(Unit.MILLIS_CPU, "server CPU per heartbeat, 1,000 nodes at 1 s", 0.45, atMost(0.06, 0.035)),
    GROWTH(Unit.RATIO, "cost of a heartbeat with 15,000 nodes against 5,000", atMost(1.0, 0.9)),
    MOST_NODES(
            Unit.NODES, "most nodes of which all stay available at 1 s for a minute", 5_500, atLeast(15_000, 19_000)),
    RATE(Unit.PER_SECOND, "heartbeats per second, 15,000 nodes, all available", 5_500, atLeast(20_000, 40_000)),
    OWN_SUB(Unit.PERCENT, "least available of 9,000 nodes with a subscription each", atLeast(100, 100)),
    COLD_5000(Unit.SECONDS, "5,000 nodes start, server just started, until all are available", 28, atMost(12, 8)),
    RESTART_10000(
            Unit.SECONDS, "server killed and restarted with 10,000 nodes, until all are available", atMost(20, 10)),
    RESTART_FETCHES(Unit.NODES, "nodes that fetched their configuration again after that", 10_000, atMost(0, 0)),
    JOB_1(Unit.MILLIS, "job on 1 node, median", 30, atMost(15, 8)),
    JOB_100(Unit.MILLIS, "job on 100 nodes, median", 518, atMost(60, 30)),
    JOB_1000(Unit.MILLIS, "job on 1,000 nodes, median", 5_300, atMost(400, 200)),
    JOB_10000(Unit.MILLIS, "job on 10,000 nodes, median", atMost(4_000, 2_000)),
    JOBS_PER_SECOND(Unit.PER_SECOND, "jobs on one node per second, 8 at once", 97, atLeast(400, 800)),
    OUTPUT_10000(
            Unit.SECONDS,
            "other jobs slower at most, while 10,000 nodes return 60,000 bytes of output each in one job",
            atMost(2, 1)),
    RSS_5000(Unit.MEGABYTES, "resident memory, 5,000 nodes", 468, atMost(400, 300)),
    HOSTILE(Unit.HEARTBEATS, "heartbeats of 1,000 nodes lost amid 10,500 hostile connections", atMost(0, 0)),
    MEMBER_CPU_5000(
            Unit.RATIO,
            "server CPU per heartbeat, 5,000 nodes at 1 s, in a cluster of two against alone",
            atMost(1.1, 1.0)),
    MEMBER_RSS(
            Unit.MEGABYTES,
            "resident memory that a server in a cluster of two has more than one alone",
            atMost(150, 100)),
    MEMBER_JOB_1000(
            Unit.RATIO,
            "job on 1,000 nodes, half of them at each server of a cluster of two, against one server",
            atMost(1.5, 1.2));

    /** What a value counts. */
    public enum Unit {
        MILLIS_CPU("ms", "%.4f"),
        MILLIS("ms", "%.0f"),
        SECONDS("s", "%.1f"),
        RATIO("", "%.2f"),
        NODES("", "%,.0f"),
        HEARTBEATS("", "%,.0f"),
        PER_SECOND("/s", "%,.0f"),
        PERCENT("%", "%.1f"),
        MEGABYTES("MB", "%.0f");

        private final String suffix;
        private final String format;

        Unit(String suffix, String format) {
            this.suffix = suffix;
            this.format = format;
        }

        /** For people. */
        public String text(double value) {
            return (String.format(Locale.ROOT, format, value) + " " + suffix).strip();
        }
    }

    private final Unit unit;
    private final String what;
    private final OptionalDouble original;
    private final Goal goal;

    Row(Unit unit, String what, double original, Goal goal) {
        this(unit, what, OptionalDouble.of(original), goal);
    }

    Row(Unit unit, String what, Goal goal) {
        this(unit, what, OptionalDouble.empty(), goal);
    }

    Row(Unit unit, String what, OptionalDouble original, Goal goal) {
        this.unit = unit;
        this.what = what;
        this.original = original;
        this.goal = goal;
    }

    private static Goal atMost(double must, double aim) {
        return new Goal(Goal.Direction.AT_MOST, must, aim);
    }

    private static Goal atLeast(double must, double aim) {
        return new Goal(Goal.Direction.AT_LEAST, must, aim);
    }

    /** The name on the command line, for example {@code cpu-5000}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public Unit unit() {
        return unit;
    }

    public String what() {
        return what;
    }

    /** What the original server reached on the machine for which the goals were set. */
    public OptionalDouble original() {
        return original;
    }

    public Goal goal() {
        return goal;
    }
}
