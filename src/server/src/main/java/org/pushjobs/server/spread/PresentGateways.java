package org.pushjobs.server.spread;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.pushjobs.protocol.NodeRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateways that agents can be told of, as far as this process has heard, and which of them a node is to be told. All
 * processes that have heard the same tell the same. Usable from any thread.
 */
public final class PresentGateways {
    /**
     * A gateway that falls behind the others so far is not there. It is compared with them, because all of them seem silent
     * after this process stood still.
     */
    static final Duration SILENCE = Duration.ofSeconds(3);

    /** Two lives of one gateway are not there at the same time for so long. */
    static final Duration OVERLAP = SILENCE.multipliedBy(2);

    private static final Logger LOG = LoggerFactory.getLogger(PresentGateways.class);

    private final LongSupplier nanos;
    private final Map<String, Heard> gateways = new HashMap<>();

    /** Places that more than one gateway says it is at, as far as that was logged. */
    private final Set<String> shared = new HashSet<>();

    private record Heard(GatewayNews news, long sinceNanos, long atNanos) {}

    /** @param nanos monotonic time */
    public PresentGateways(LongSupplier nanos) {
        this.nanos = Objects.requireNonNull(nanos, "nanos");
    }

    public synchronized void heard(GatewayNews news) {
        long now = nanos.getAsLong();
        Optional<Heard> before = Optional.ofNullable(gateways.get(news.gateway()));
        gateways.put(
                news.gateway(), new Heard(news, before.map(Heard::sinceNanos).orElse(now), now));
        if (before.isEmpty()) {
            LOG.info("a gateway is there, agents are told of it [gateway: {}, id: {}]", news.place(), news.gateway());
        }
        gateways.values().removeIf(other -> {
            boolean silent = now - other.atNanos() > SILENCE.toNanos();
            if (silent) {
                sayGone(other, "it fell silent");
            }
            return silent;
        });
        sayWhetherShared(news.place().toLowerCase(Locale.ROOT), now);
    }

    private void sayWhetherShared(String place, long now) {
        List<String> there = gateways.values().stream()
                .filter(other -> other.news().place().equalsIgnoreCase(place)
                        && other.news().intake() != Intake.CLOSED
                        && now - other.sinceNanos() > OVERLAP.toNanos())
                .map(other -> other.news().gateway())
                .sorted()
                .toList();
        if (there.size() < 2) {
            shared.remove(place);
        } else if (shared.add(place)) {
            LOG.warn(
                    "several gateways tell agents one address, and one of them gets the agents of all; give each a"
                            + " gateway_address of its own [address: {}, ids: {}]",
                    place,
                    there);
        }
    }

    /** Its process left the cluster. */
    public synchronized void left(String gateway) {
        Optional.ofNullable(gateways.remove(gateway)).ifPresent(gone -> sayGone(gone, "its process left"));
    }

    private static void sayGone(Heard gone, String why) {
        LOG.info(
                "a gateway is gone, agents are not told of it any more [gateway: {}, id: {}, why: {}]",
                gone.news().place(),
                gone.news().gateway(),
                why);
    }

    /** Those that are there, also when they take no agents: whoever has been told of one finds it. */
    public synchronized List<GatewayNews> all() {
        return gateways.values().stream().map(Heard::news).toList();
    }

    /** Those that take agents. */
    public List<GatewayNews> taking() {
        return all().stream().filter(news -> news.intake() != Intake.CLOSED).toList();
    }

    /** Those that take agents, besides this one. */
    List<GatewayNews> takingBeside(String gateway) {
        return taking().stream().filter(news -> !news.gateway().equals(gateway)).toList();
    }

    /** The one that is to serve the node; empty when there is none. */
    public Optional<GatewayNews> of(NodeRef node) {
        List<GatewayNews> all = all();
        return Rendezvous.choose(node, which(all, Intake.OPEN))
                .or(() -> emptiest(which(all, Intake.TOO_MANY)))
                // one that is being drained serves better than none
                .or(() -> Rendezvous.choose(node, all));
    }

    private static List<GatewayNews> which(List<GatewayNews> all, Intake intake) {
        return all.stream().filter(news -> news.intake() == intake).toList();
    }

    /** Where all have too many the one with the fewest helps out. */
    private static Optional<GatewayNews> emptiest(List<GatewayNews> all) {
        return all.stream().min(Comparator.comparingInt(GatewayNews::agents));
    }
}
