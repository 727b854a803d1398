package org.pushjobs.config.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds what somebody probably meant by a misspelt name. */
final class NameSuggestion {
    private NameSuggestion() {}

    /** The name that takes the fewest edits, if these are no more than a third of its letters. */
    static Optional<String> closest(String misspelt, Collection<String> names) {
        String given = misspelt.toLowerCase(Locale.ROOT).replace('-', '_');
        return names.stream()
                .filter(name -> Math.abs(name.length() - given.length()) <= name.length() / 3)
                .filter(name -> edits(given, name) <= name.length() / 3)
                .min(Comparator.<String>comparingInt(name -> edits(given, name)).thenComparing(name -> name));
    }

    /** Insertions, deletions and replacements that turn one into the other. */
    private static int edits(String from, String to) {
        int[] previous = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int[] current = new int[to.length() + 1];
            current[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = previous[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[to.length()];
    }
}
