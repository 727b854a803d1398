package org.pushjobs.simulator.bench.bed;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Two servers that are the members of one cluster on this machine, each a process of its own. One of them runs the jobs. */
public final class MemberPair implements AutoCloseable {
    private static final List<String> ADDRESSES = List.of("127.0.0.1", "127.0.0.2");
    private static final Duration TO_MEET = Duration.ofSeconds(60);

    private final ServerUnderTest active;
    private final ServerUnderTest standby;

    private MemberPair(ServerUnderTest active, ServerUnderTest standby) {
        this.active = active;
        this.standby = standby;
    }

    /**
     * Starts both and waits until each knows of the other.
     *
     * @param directory for their files, the secrets that they share among them
     * @param settings of both, besides addresses, ports and files
     */
    static MemberPair start(Programs programs, Path directory, String databaseUrl, Map<String, ?> settings)
            throws IOException, InterruptedException {
        List<Integer> ports = FreePorts.pick(2 * ADDRESSES.size());
        ServerUnderTest active =
                ServerUnderTest.start(programs, directory, "active", databaseUrl, member(settings, ports, 0));
        try {
            // only now: the first one to come has the lease
            MemberPair pair = new MemberPair(
                    active,
                    ServerUnderTest.start(programs, directory, "standby", databaseUrl, member(settings, ports, 1)));
            pair.awaitTogether();
            return pair;
        } catch (IOException | InterruptedException | RuntimeException e) {
            active.close();
            throw e;
        }
    }

    private static Map<String, ?> member(Map<String, ?> settings, List<Integer> ports, int number) {
        Map<String, Object> complete = new HashMap<>(settings);
        complete.put(
                "cluster_members",
                List.of(ADDRESSES.get(0) + ":" + ports.get(0), ADDRESSES.get(1) + ":" + ports.get(1)));
        complete.put("cluster_address", ADDRESSES.get(number));
        complete.put("cluster_port", ports.get(number));
        complete.put("cluster_bus_port", ports.get(ADDRESSES.size() + number));
        return complete;
    }

    private void awaitTogether() throws InterruptedException {
        try {
            for (ServerUnderTest server : List.of(active, standby)) {
                Waiting.value(
                        "a member to know of the other",
                        TO_MEET,
                        server::metrics,
                        now -> now.members() == ADDRESSES.size());
            }
        } catch (InterruptedException | RuntimeException e) {
            standby.close();
            throw e;
        }
    }

    /** The one that runs the jobs. */
    public ServerUnderTest active() {
        return active;
    }

    /** The other one. */
    public ServerUnderTest standby() {
        return standby;
    }

    /** @throws BenchException when something else was measured than a pair of which the first one runs the jobs */
    public void check() throws IOException, InterruptedException {
        Metrics first = active.metrics();
        Metrics second = standby.metrics();
        if (first.members() != ADDRESSES.size()
                || second.members() != ADDRESSES.size()
                || !first.runsJobs()
                || second.runsJobs()) {
            throw new BenchException("the servers did not stay as they were, see their logs");
        }
    }

    @Override
    public void close() {
        // in this order nobody has to take over
        standby.close();
        active.close();
    }
}
