package org.pushjobs.server.jobs.model;

/** Which texts can be kept: the database's texts cannot hold U+0000. */
public final class StorableText {
    private StorableText() {}

    /** Whether the text is without U+0000. */
    public static boolean isStorable(String text) {
        return text.indexOf('\0') < 0;
    }
}
