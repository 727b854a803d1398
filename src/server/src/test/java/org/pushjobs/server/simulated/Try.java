package org.pushjobs.server.simulated;

import java.util.*;

/** Development. */
public final class Try {
    public static void main(String[] a) {
        ((ch.qos.logback.classic.Logger) org.slf4j.LoggerFactory.getLogger("org.pushjobs"))
                .setLevel(ch.qos.logback.classic.Level.OFF);
        long from = Long.parseLong(a[0]);
        long to = Long.parseLong(a[1]);
        if (from == to) {
            System.out.println(Simulation.run(from, Set.of(), World.Detail.EVERYTHING)
                    .describe(1000000)
                    .replaceAll("456789abcdef[0-9a-f]{16}", "")
                    .replace("0123456789abcdef0123456789abcdef", "org"));
            return;
        }
        long t = System.nanoTime();
        Map<String, Integer> counts = new TreeMap<>();
        Map<String, List<Long>> examples = new TreeMap<>();
        long virtual = 0, strict = 0, explained = 0, entries = 0;
        int bad = 0;
        long digest = 0;
        for (long seed = from; seed < to; seed++) {
            Simulation.Outcome o;
            try {
                o = Simulation.run(seed, Set.of());
            } catch (Throwable e) {
                System.out.println("seed " + seed + " " + e);
                if (counts.merge("THROWS", 1, Integer::sum) < 2) e.printStackTrace(System.out);
                continue;
            }
            virtual += o.millis();
            strict += o.outcomes().strict();
            explained += o.outcomes().explained();
            entries += o.history().entries().size();
            for (var e : o.history().entries())
                digest = digest * 31 + e.toString().hashCode();
            if (!o.isGood()) {
                bad++;
                Set<String> seen = new TreeSet<>();
                for (var v : o.violations()) {
                    String key = v.invariant() + " "
                            + v.what()
                                    .replaceAll("[0-9a-f]{32}", "J")
                                    .replaceAll("node-[0-9]", "N")
                                    .replaceAll("#[0-9]+", "")
                                    .replaceAll("[0-9]+", "0")
                                    .replaceAll("J .work-0.", "J");
                    if (key.length() > 150) key = key.substring(0, 150);
                    if (seen.add(key)) {
                        counts.merge(key, 1, Integer::sum);
                        examples.computeIfAbsent(key, _ -> new ArrayList<>()).add(seed);
                    }
                }
            }
        }
        double ms = (System.nanoTime() - t) / 1e6;
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .limit(40)
                .forEach(e -> System.out.println(e.getValue() + " " + e.getKey() + " "
                        + examples.getOrDefault(e.getKey(), List.of()).stream()
                                .limit(4)
                                .toList()));
        System.out.printf(
                "%d seeds, %d bad, %.2f ms each, virtual s each %.1f, strict %d explained %d entries each %d digest %x%n",
                to - from,
                bad,
                ms / (to - from),
                virtual / 1000.0 / (to - from),
                strict,
                explained,
                entries / (to - from),
                digest);
    }
}
