package org.pushjobs.server.store;

/** What PostgreSQL's text can hold. */
final class SqlText {
    private SqlText() {}

    /** The text with U+0000 replaced, for texts that only people read. */
    static String storable(String text) {
        return text.replace('\0', '\uFFFD');
    }

    static String cut(String text, int maxCharacters) {
        return text.codePointCount(0, text.length()) <= maxCharacters
                ? text
                : text.substring(0, text.offsetByCodePoints(0, maxCharacters));
    }
}
