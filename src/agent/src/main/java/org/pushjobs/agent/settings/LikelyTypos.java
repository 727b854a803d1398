package org.pushjobs.agent.settings;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Keys in a file that mean nothing to the agent and look like one of its settings. Such a file is chef-client's too, so other
 * keys cannot be refused; but a whitelist that is misspelt leaves the default one in force.
 */
final class LikelyTypos {
    /** Chef's own settings that differ from one of ours by as little. */
    private static final Set<String> OF_CHEF = Set.of("ftp_proxy", "ftp_proxy_user", "ftp_proxy_pass");

    /** Of shorter names one letter less may differ. */
    private static final int LONG_NAME = 8;

    private LikelyTypos() {}

    /**
     * For people.
     *
     * @param place where a key stands
     */
    static List<String> warnings(Collection<String> keys, UnaryOperator<String> place) {
        return keys.stream()
                .filter(key -> Setting.ofKey(key).isEmpty() && !OF_CHEF.contains(key))
                .flatMap(key -> meant(key).stream()
                        .map(setting -> place.apply(key) + ": " + key
                                + " is no setting of push-jobs-client and is passed over; is " + setting.key()
                                + " meant?"))
                .toList();
    }

    private static Optional<Setting> meant(String key) {
        String name = letters(key);
        Optional<Setting> best = Optional.empty();
        int least = name.length() < LONG_NAME ? 2 : 3;
        for (Setting setting : Setting.values()) {
            int distance = distance(name, letters(setting.key()));
            if (distance < least) {
                least = distance;
                best = Optional.of(setting);
            }
        }
        return best;
    }

    private static String letters(String key) {
        return key.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    /** How many letters are to be put in, left out, exchanged for another or for their neighbour. */
    private static int distance(String a, String b) {
        int[][] distance = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                distance[i][j] = i == 0 || j == 0 ? i + j : smallest(distance, a, b, i, j);
            }
        }
        return distance[a.length()][b.length()];
    }

    private static int smallest(int[][] distance, String a, String b, int i, int j) {
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        int smallest =
                Math.min(distance[i - 1][j - 1] + (same ? 0 : 1), 1 + Math.min(distance[i - 1][j], distance[i][j - 1]));
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(smallest, distance[i - 2][j - 2] + 1) : smallest;
    }
}
