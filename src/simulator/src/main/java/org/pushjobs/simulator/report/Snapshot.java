package org.pushjobs.simulator.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.pushjobs.simulator.fleet.Fleet;
import org.pushjobs.simulator.report.Tally.Count;

/**
 * What a fleet is like and what it did since its start, at one moment.
 *
 * @param elapsedMillis since the agents were started last
 * @param nodes size of the fleet
 * @param allAvailableMillis after how long all agents were available for the first time since they were started last
 */
public record Snapshot(
        Instant at,
        long elapsedMillis,
        int nodes,
        Fleet.State state,
        OptionalLong allAvailableMillis,
        Map<Count, Long> counts,
        Map<String, Long> errors) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double MILLIS_PER_SECOND = 1000.0;

    /** Reads everything now. */
    static Snapshot of(Fleet fleet, Instant at, long elapsedMillis, OptionalLong allAvailableMillis) {
        Map<Count, Long> counts = new EnumMap<>(Count.class);
        for (Count count : Count.values()) {
            counts.put(count, fleet.tally().get(count));
        }
        return new Snapshot(
                at,
                elapsedMillis,
                fleet.settings().nodes(),
                fleet.state(),
                allAvailableMillis,
                counts,
                fleet.tally().errors());
    }

    public long count(Count count) {
        return counts.get(count);
    }

    /** How often agents fetched their configuration again for a reason of the server's making. */
    public long refetches() {
        return count(Count.FETCHES_FOR_SILENCE) + count(Count.FETCHES_FOR_INCARNATION);
    }

    /** One line for people. */
    public String line(Optional<Snapshot> before) {
        double seconds = before.map(earlier -> (at.toEpochMilli() - earlier.at().toEpochMilli()) / MILLIS_PER_SECOND)
                .orElse(Math.max(elapsedMillis, 1) / MILLIS_PER_SECOND);
        long heartbeats = count(Count.HEARTBEATS_SENT)
                - before.map(earlier -> earlier.count(Count.HEARTBEATS_SENT)).orElse(0L);
        return String.format(
                Locale.ROOT,
                "%6.1f s  connected %d  available %d of %d  heartbeats/s %.0f  server heartbeats %d  jobs %d/%d/%d"
                        + "  lost %d  away %d  deaf %d  fetches %d (%d again)  errors %d  late %d ms",
                elapsedMillis / MILLIS_PER_SECOND,
                state.connected(),
                state.available(),
                nodes,
                heartbeats / seconds,
                count(Count.SERVER_HEARTBEATS),
                count(Count.COMMITS),
                count(Count.RUNS),
                count(Count.RESULTS_SENT),
                count(Count.CONNECTIONS_LOST),
                count(Count.SERVER_AWAY),
                state.deaf(),
                count(Count.FETCHES),
                refetches(),
                errors.values().stream().mapToLong(Long::longValue).sum(),
                state.lateMillis());
    }

    /** One JSON object on one line. */
    public String json() {
        Map<String, Object> fields = new TreeMap<>();
        fields.put("at", at.toString());
        fields.put("elapsed_millis", elapsedMillis);
        fields.put("nodes", nodes);
        fields.put("running", state.running());
        fields.put("connected", state.connected());
        fields.put("available", state.available());
        fields.put("deaf", state.deaf());
        fields.put("most_fetches", state.mostFetches());
        fields.put("late_millis", state.lateMillis());
        fields.put("most_late_millis", state.mostLateMillis());
        allAvailableMillis.ifPresent(millis -> fields.put("all_available_millis", millis));
        counts.forEach((count, value) -> fields.put(count.name().toLowerCase(Locale.ROOT), value));
        fields.put("errors", errors);
        try {
            return JSON.writeValueAsString(fields);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("writing JSON to memory failed", e);
        }
    }
}
