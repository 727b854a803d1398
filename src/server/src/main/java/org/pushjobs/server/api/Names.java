package org.pushjobs.server.api;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Which texts can be names and values in the database. */
final class Names {
    /** Longest node name, as in the Chef server. */
    static final int MAX_NODE_NAME_LENGTH = 255;

    private static final Pattern JOB_ID = Pattern.compile("[0-9a-f]{32}");

    private Names() {}

    /** Whether PostgreSQL can hold the text: it has no U+0000 and no half of a surrogate pair. */
    static boolean isStorable(String text) {
        return text.indexOf('\0') < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    /** Whether a node can have this name. */
    static boolean isNodeName(String text) {
        return text.length() <= MAX_NODE_NAME_LENGTH && isStorable(text);
    }

    /** 32 lower-case hex digits. */
    static boolean isJobId(String text) {
        return JOB_ID.matcher(text).matches();
    }
}
