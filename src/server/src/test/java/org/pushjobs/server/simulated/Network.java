package org.pushjobs.server.simulated;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.pushjobs.server.facts.Facts;
import org.pushjobs.server.facts.Lines;
import org.pushjobs.server.facts.Orders;
import org.pushjobs.server.facts.TermBeat;

/**
 * What the servers' processes tell each other: it takes its time, may be lost, and keeps its order from one process to another.
 * Whoever is not there gets nothing.
 */
final class Network {
    private static final int USUAL_MILLIS = 4;

    private final World world;
    private final Timeline timeline;
    private final SplittableRandom random;
    private final Map<Way, Long> lastArrival = new HashMap<>();
    private final Set<Way> cut = new HashSet<>();
    private final Map<Long, End<Facts>> terms = new HashMap<>();
    private final Map<String, End<Orders>> gateways = new LinkedHashMap<>();
    private final Map<VirtualProcess, Consumer<TermBeat>> beats = new LinkedHashMap<>();
    private int lostPerThousand;
    private int mostMillis = USUAL_MILLIS;

    private record Way(String from, String to) {}

    private record End<T>(VirtualProcess process, Consumer<T> receiver) {}

    Network(World world, SplittableRandom random) {
        this.world = world;
        this.timeline = world.timeline();
        this.random = random;
    }

    /** From now on. */
    void lose(int perThousand) {
        lostPerThousand = perThousand;
    }

    /** From now on nothing takes longer than this. */
    void slow(int millis) {
        mostMillis = Math.max(USUAL_MILLIS, millis);
    }

    /** Between these two nothing arrives any more, in both directions or in this one only. */
    void cut(String from, String to) {
        cut.add(new Way(from, to));
    }

    void mend() {
        cut.clear();
    }

    boolean isCut(String from, String to) {
        return cut.contains(new Way(from, to));
    }

    /** Carries something to a process; what it does there is done only when it arrives. */
    void carry(VirtualProcess from, VirtualProcess to, Runnable arrival) {
        Way way = new Way(from.toString(), to.toString());
        if (from == to) {
            to.soon(arrival);
            return;
        }
        if (isCut(from.host(), to.host()) || random.nextInt(1000) < lostPerThousand) {
            return;
        }
        long at = Math.max(timeline.millis() + random.nextInt(mostMillis), lastArrival.getOrDefault(way, 0L));
        lastArrival.put(way, at);
        timeline.after(at - timeline.millis(), () -> to.arrive(arrival));
    }

    // ---- the lines

    void openTerm(long epoch, VirtualProcess process, Consumer<Facts> receiver) {
        terms.put(epoch, new End<>(process, receiver));
    }

    void closeTerm(long epoch) {
        terms.remove(epoch);
    }

    void openGateway(String id, VirtualProcess process, Consumer<Orders> receiver) {
        gateways.put(id, new End<>(process, receiver));
    }

    void closeGateway(String id) {
        gateways.remove(id);
    }

    void listen(VirtualProcess process, Consumer<TermBeat> receiver) {
        beats.put(process, receiver);
    }

    void leave(VirtualProcess process) {
        beats.remove(process);
    }

    /** @param told what becomes of facts before they are sent */
    Lines linesOf(VirtualProcess process, UnaryOperator<Facts> told) {
        return new Lines() {
            @Override
            public void send(Facts facts) {
                deliver(process, () -> terms.get(facts.epoch()), told.apply(facts));
            }

            @Override
            public void send(Orders orders) {
                deliver(process, () -> gateways.get(orders.gateway()), orders);
            }

            @Override
            public void publish(TermBeat beat) {
                beats.forEach((to, receiver) -> carry(process, to, () -> receiver.accept(beat)));
            }
        };
    }

    private <T> void deliver(VirtualProcess from, Supplier<End<T>> address, T message) {
        End<T> end = address.get();
        if (end != null) {
            carry(from, end.process, () -> {
                if (address.get() == end) {
                    world.trace(() -> from + " -> " + end.process + ": " + message);
                    end.receiver.accept(message);
                }
            });
        }
    }
}
