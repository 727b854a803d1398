package org.pushjobs.protocol.codec;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** RFC 1123 dates as messages and job documents carry them: {@code Tue, 04 Sep 2012 23:17:56 GMT}. */
public final class HttpDate {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    /** 0 stands for a digit, ? for a character that is looked at later. */
    private static final String USUAL_FORM = "???, 00 ??? 0000 00:00:00 GMT";

    private static final List<String> MONTHS =
            List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");

    /** From the one of the first day of 1970. */
    private static final List<String> WEEKDAYS = List.of("Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed");

    private HttpDate() {}

    /** Whole seconds; what is below a second is cut off. */
    public static String format(Instant instant) {
        return FORMAT.format(instant);
    }

    /** @throws DateTimeParseException when the text is no RFC 1123 date */
    public static Instant parse(String text) {
        OptionalLong seconds = usualForm(text);
        return seconds.isPresent()
                ? Instant.ofEpochSecond(seconds.getAsLong())
                : Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
    }

    /**
     * Each heartbeat of each node carries a date, and nearly all have the same form: it is read here in a tenth of the
     * formatter's time. What looks different or wrong is left to the formatter.
     */
    private static OptionalLong usualForm(String text) {
        if (text.length() != USUAL_FORM.length()) {
            return OptionalLong.empty();
        }
        for (int i = 0; i < text.length(); i++) {
            char expected = USUAL_FORM.charAt(i);
            char found = text.charAt(i);
            if (expected == '0' ? found < '0' || found > '9' : expected != '?' && expected != found) {
                return OptionalLong.empty();
            }
        }
        int month = MONTHS.indexOf(text.substring(8, 11));
        int hour = number(text, 17, 2);
        int minute = number(text, 20, 2);
        int second = number(text, 23, 2);
        if (month < 0 || hour > 23 || minute > 59 || second > 59) {
            return OptionalLong.empty();
        }
        int day = number(text, 5, 2);
        YearMonth monthOfYear = YearMonth.of(number(text, 12, 4), month + 1);
        if (!monthOfYear.isValidDay(day)) {
            return OptionalLong.empty();
        }
        long epochDay = monthOfYear.atDay(day).toEpochDay();
        if (!WEEKDAYS.get(Math.floorMod(epochDay, 7)).regionMatches(0, text, 0, 3)) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(((epochDay * 24 + hour) * 60 + minute) * 60 + second);
    }

    private static int number(String text, int from, int digits) {
        int number = 0;
        for (int i = from; i < from + digits; i++) {
            number = number * 10 + (text.charAt(i) - '0');
        }
        return number;
    }
}
