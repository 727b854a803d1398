package org.pushjobs.server.api;

import io.vertx.ext.web.MIMEHeader;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What {@code Accept} and {@code Content-Type} ask for. */
final class MediaTypes {
    private MediaTypes() {}

    /**
     * Whether a client that sent these ranges takes a media type: the most specific range that names it decides, and a
     * weight of 0 refuses it. No ranges allow everything.
     */
    static boolean accepts(List<MIMEHeader> ranges, String mediaType) {
        String type = mediaType.substring(0, mediaType.indexOf('/'));
        String subtype = mediaType.substring(type.length() + 1);
        return ranges.isEmpty()
                || ranges.stream()
                        .filter(range -> covers(range.component(), type) && covers(range.subComponent(), subtype))
                        .max(Comparator.comparingInt(MediaTypes::specificity))
                        .filter(range -> range.weight() > 0)
                        .isPresent();
    }

    private static boolean covers(String pattern, String name) {
        return pattern.equals("*") || pattern.equalsIgnoreCase(name);
    }

    private static int specificity(MIMEHeader range) {
        return (range.component().equals("*") ? 0 : 1) + (range.subComponent().equals("*") ? 0 : 1);
    }

    /** Whether a value of {@code Content-Type} names this media type, whatever its parameters. */
    static boolean isOfType(String contentType, String mediaType) {
        return contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals(mediaType);
    }
}
