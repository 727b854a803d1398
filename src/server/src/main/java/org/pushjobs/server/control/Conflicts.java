package org.pushjobs.server.control;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pushjobs.server.cluster.ServerVersion;

/** What servers of one cluster have that does not go together, although each of them is well. */
final class Conflicts {
    private Conflicts() {}

    /** For people, with what to do; empty when there are none. */
    static List<String> among(List<Seen> servers) {
        return Stream.concat(places(servers), versions(servers)).toList();
    }

    private static Stream<String> places(List<Seen> servers) {
        Map<String, List<Seen>> byPlace = grouped(
                servers,
                seen -> seen.state().flatMap(MemberState::gatewayPlace).map(place -> place.toLowerCase(Locale.ROOT)));
        return byPlace.entrySet().stream()
                .filter(entry -> entry.getValue().size() > 1)
                .map(entry -> shown(entry.getValue()) + " tell agents the same address, " + entry.getKey()
                        + ", so that one of them gets the agents of all of them: give each a gateway_address of its own,"
                        + " or set spread to false on all");
    }

    private static Stream<String> versions(List<Seen> servers) {
        TreeMap<ServerVersion, List<Seen>> byVersion =
                grouped(servers, seen -> ServerVersion.parse(seen.info().version()));
        if (byVersion.isEmpty() || byVersion.firstKey().isNeighbourOf(byVersion.lastKey())) {
            return Stream.empty();
        }
        return Stream.of(named(byVersion.firstEntry().getValue()) + " and "
                + named(byVersion.lastEntry().getValue())
                + " are further apart than a version and the next one, and may not understand each other: upgrade the"
                + " older ones first to the version between, one after the other (docs/upgrade.md)");
    }

    private static String named(List<Seen> servers) {
        return shown(servers) + " with version " + servers.getFirst().info().version();
    }

    private static String shown(List<Seen> servers) {
        return servers.stream().map(Seen::shown).collect(Collectors.joining(", "));
    }

    /** Those that have the property, by it. */
    private static <K extends Comparable<K>> TreeMap<K, List<Seen>> grouped(
            List<Seen> servers, Function<Seen, Optional<K>> property) {
        return servers.stream()
                .filter(seen -> property.apply(seen).isPresent())
                .collect(Collectors.groupingBy(
                        seen -> property.apply(seen).orElseThrow(), TreeMap::new, Collectors.toList()));
    }
}
