package org.pushjobs.platform.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds what somebody probably meant by a misspelt name. */
public final class NameSuggestion {
    private NameSuggestion() {}

    /**
     * The name that takes the fewest edits, if these are no more than a third of its letters. Capitals and small letters are the
     * same, and so are {@code -} and {@code _}.
     */
    public static Optional<String> closest(String misspelt, Collection<String> names) {
        String given = plain(misspelt);
        return names.stream()
                .filter(name -> Math.abs(name.length() - given.length()) <= name.length() / 3)
                .filter(name -> edits(given, plain(name)) <= name.length() / 3)
                .min(Comparator.<String>comparingInt(name -> edits(given, plain(name)))
                        .thenComparing(name -> name));
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace('-', '_');
    }

    /** Insertions, deletions, replacements, and swaps of neighbours, that turn one into the other. */
    private static int edits(String from, String to) {
        int[][] distance = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                distance[i][j] = i == 0 || j == 0 ? i + j : best(distance, from, to, i, j);
            }
        }
        return distance[from.length()][to.length()];
    }

    private static int best(int[][] distance, String from, String to, int i, int j) {
        int replaced = distance[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        int best = Math.min(replaced, 1 + Math.min(distance[i - 1][j], distance[i][j - 1]));
        boolean swapped =
                i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1);
        return swapped ? Math.min(best, distance[i - 2][j - 2] + 1) : best;
    }
}
