package org.pushjobs.protocol.codec;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;

/** RFC 1123 dates as messages and job documents carry them: {@code Tue, 04 Sep 2012 23:17:56 GMT}. */
public final class HttpDate {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private HttpDate() {}

    /** Whole seconds; what is below a second is cut off. */
    public static String format(Instant instant) {
        return FORMAT.format(instant);
    }

    /** @throws DateTimeParseException when the text is no RFC 1123 date */
    public static Instant parse(String text) {
        return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
    }
}
