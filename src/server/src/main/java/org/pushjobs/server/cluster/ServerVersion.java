package org.pushjobs.server.cluster;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of the server as far as it says which others understand it (docs/upgrade.md, "From a version to the next").
 *
 * @param major rises by one where something ends that was there
 * @param minor rises by one with each version in between
 */
public record ServerVersion(int major, int minor) implements Comparable<ServerVersion> {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4})(?:[^0-9].*)?");

    /** Empty for what has no such form, as that of a checkout. */
    public static Optional<ServerVersion> parse(String text) {
        Matcher parts = FORM.matcher(text);
        return parts.matches()
                ? Optional.of(new ServerVersion(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2))))
                : Optional.empty();
    }

    /**
     * Whether they are the same or one is the next of the other. The last minor version is not known here, so the first of the next
     * major one may follow any.
     */
    public boolean isNeighbourOf(ServerVersion other) {
        ServerVersion older = compareTo(other) < 0 ? this : other;
        ServerVersion newer = older == this ? other : this;
        return older.major == newer.major
                ? newer.minor - older.minor <= 1
                : newer.major - older.major == 1 && newer.minor == 0;
    }

    @Override
    public int compareTo(ServerVersion other) {
        return Comparator.comparingInt(ServerVersion::major)
                .thenComparingInt(ServerVersion::minor)
                .compare(this, other);
    }
}
