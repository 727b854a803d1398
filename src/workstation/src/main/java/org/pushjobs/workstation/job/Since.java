package org.pushjobs.workstation.job;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A moment as people give it: so long ago, or by the calendar. */
final class Since {
    private static final Pattern AGO = Pattern.compile("([0-9]{1,6})\\s*(s|min|m|h|d|w)");

    private Since() {}

    /**
     * @param text {@code 90s}, {@code 30m} or {@code 30min}, {@code 2h}, {@code 3d}, {@code 1w}, a day (its beginning in UTC), or
     *     a time in ISO 8601
     * @throws IllegalArgumentException for anything else; the message says what is possible
     */
    static Instant parse(String text, Instant now) {
        Matcher ago = AGO.matcher(text);
        if (ago.matches()) {
            return now.minus(unit(ago.group(2)).multipliedBy(Long.parseLong(ago.group(1))));
        }
        try {
            return text.indexOf('T') < 0
                    ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException _) {
            throw new IllegalArgumentException(
                    "must be a length of time such as 30m, 2h or 3d, a day such as 2026-11-22, or a"
                            + " time such as 2026-11-22T10:00:00Z, not '" + text + "'");
        }
    }

    private static Duration unit(String name) {
        return switch (name) {
            case "s" -> Duration.ofSeconds(1);
            case "m", "min" -> Duration.ofMinutes(1);
            case "h" -> Duration.ofHours(1);
            case "d" -> Duration.ofDays(1);
            case "w" -> Duration.ofDays(7);
            default -> throw new IllegalArgumentException("no unit of time: " + name);
        };
    }
}
