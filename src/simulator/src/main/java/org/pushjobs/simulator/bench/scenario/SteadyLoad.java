package org.pushjobs.simulator.bench.scenario;

import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import org.pushjobs.simulator.bench.Profile;
import org.pushjobs.simulator.bench.bed.Bed;
import org.pushjobs.simulator.bench.bed.LineProcess;
import org.pushjobs.simulator.bench.bed.ServerUnderTest;
import org.pushjobs.simulator.bench.table.Row;
import org.pushjobs.simulator.fleet.FleetSettings.Subscription;

/** What a heartbeat costs while nothing else happens: CPU of the server's process, with different numbers of nodes. */
public final class SteadyLoad implements Scenario {
    private static final int INTERVAL_MILLIS = 1_000;
    private static final int FEW = 1_000;
    private static final int SOME = 5_000;
    private static final int MANY = 15_000;

    private final Profile profile;

    /** @param profile taken with 5,000 nodes, after the measurement */
    public SteadyLoad(Profile profile) {
        this.profile = profile;
    }

    @Override
    public Set<Row> rows() {
        return Set.of(Row.CPU_1000, Row.CPU_5000, Row.RSS_5000, Row.GROWTH);
    }

    @Override
    public int nodes() {
        return MANY;
    }

    @Override
    public void run(Bed bed, Set<Row> wanted, Results results) throws IOException, InterruptedException {
        if (wanted.contains(Row.CPU_1000)) {
            Load few = measure(bed, FEW, Profile.NONE, results);
            results.row(Row.CPU_1000, few.cpuMillisPerHeartbeat(), few.note());
        }
        if (wanted.contains(Row.CPU_5000) || wanted.contains(Row.RSS_5000) || wanted.contains(Row.GROWTH)) {
            Load some = measure(bed, SOME, profile, results);
            results.row(Row.CPU_5000, some.cpuMillisPerHeartbeat(), some.note());
            results.row(Row.RSS_5000, some.megabytes(), "at the end of that window");
            if (wanted.contains(Row.GROWTH)) {
                Load many = measure(bed, MANY, Profile.NONE, results);
                results.row(
                        Row.GROWTH,
                        many.cpuMillisPerHeartbeat() / some.cpuMillisPerHeartbeat(),
                        String.format(
                                Locale.ROOT,
                                "%.4f ms against %.4f ms; %s",
                                many.cpuMillisPerHeartbeat(),
                                some.cpuMillisPerHeartbeat(),
                                many.note()));
            }
        }
    }

    private static Load measure(Bed bed, int full, Profile profile, Results results)
            throws IOException, InterruptedException {
        int nodes = bed.scale().nodes(full);
        try (ServerUnderTest server = bed.startServer(INTERVAL_MILLIS);
                LineProcess simulator = bed.startSimulator(server, nodes, Subscription.SHARED)) {
            Load load = Load.measure(bed, server, simulator, nodes, results);
            profile.take(server.pid(), results::progress);
            return load;
        }
    }
}
