package org.pushjobs.rubyconfig;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text of a file and a place in it, which moves forward. Knows the words of Ruby that plain settings are made of. */
final class PlainText {
    private static final Pattern SPACES = Pattern.compile("[ \\t]*");
    private static final Pattern END_OF_LINE = Pattern.compile("[ \\t]*(#[^\\n]*)?(\\r?\\n|\\z)");
    private static final Pattern WORD = Pattern.compile("[a-z_][a-z0-9_]*");
    private static final Pattern LABEL = Pattern.compile("([a-z_][a-z0-9_]*):[ \\t]+");
    private static final Pattern DIGITS = Pattern.compile("0|[1-9][0-9]*");
    private static final Pattern WORDS = Pattern.compile("%w(?:\\[([^\\[\\]\\\\]*)]|\\(([^()\\\\]*)\\))");
    private static final Pattern SINGLE_QUOTED =
            Pattern.compile("'([^'\\\\\\p{Cntrl}]*+(?:\\\\\\P{Cntrl}[^'\\\\\\p{Cntrl}]*+)*+)'");
    private static final Pattern DOUBLE_QUOTED =
            Pattern.compile("\"([^\"\\\\\\p{Cntrl}]*+(?:\\\\[nt\"\\\\#][^\"\\\\\\p{Cntrl}]*+)*+)\"");
    private static final Pattern INTERPOLATION = Pattern.compile("#([{@$])(?:([a-z_][a-z0-9_]*)})?");

    /** A comment that tells Ruby how to read the file. */
    private static final Pattern MAGIC_COMMENT = Pattern.compile("#.*coding[ \\t]*[:=]", Pattern.CASE_INSENSITIVE);

    private final String text;
    private int place;
    private int counted;
    private int line = 1;

    PlainText(String text) {
        // Some editors begin a file with a mark that is no part of it.
        this.text = text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private Matcher at(Pattern pattern) {
        return pattern.matcher(text).region(place, text.length());
    }

    private Matcher take(Pattern pattern) throws NotPlainException {
        Matcher found = at(pattern);
        if (!found.lookingAt()) {
            throw new NotPlainException();
        }
        place = found.end();
        return found;
    }

    /** Moves over empty lines and comments; false at the end. */
    boolean nextStatement() throws NotPlainException {
        blanks();
        return place < text.length();
    }

    /** The number of the line, from 1; counted on the way. */
    int line() {
        for (; counted < place; counted++) {
            line += text.charAt(counted) == '\n' ? 1 : 0;
        }
        return line;
    }

    /** Nothing more may stand in the line. */
    void endStatement() throws NotPlainException {
        lineEnd();
    }

    /** Moves over spaces, comments and line ends. */
    void blanks() throws NotPlainException {
        while (place < text.length() && at(END_OF_LINE).lookingAt()) {
            lineEnd();
        }
        spaces();
    }

    private void lineEnd() throws NotPlainException {
        Matcher end = take(END_OF_LINE);
        if (end.group(1) != null && MAGIC_COMMENT.matcher(end.group(1)).lookingAt()) {
            throw new NotPlainException();
        }
    }

    /** Whether there were any. */
    boolean spaces() throws NotPlainException {
        int before = place;
        take(SPACES);
        return place > before;
    }

    boolean skip(String word) {
        boolean there = text.startsWith(word, place);
        place += there ? word.length() : 0;
        return there;
    }

    void expect(String word) throws NotPlainException {
        if (!skip(word)) {
            throw new NotPlainException();
        }
    }

    /** The next character, NUL at the end. */
    char peek() {
        return place < text.length() ? text.charAt(place) : 0;
    }

    String word() throws NotPlainException {
        return take(WORD).group();
    }

    /** {@code name: }, without the colon. */
    String label() throws NotPlainException {
        return take(LABEL).group(1);
    }

    String digits() throws NotPlainException {
        return take(DIGITS).group();
    }

    /** Those in {@code %w[…]}. */
    List<String> words() throws NotPlainException {
        Matcher found = take(WORDS);
        String content = found.group(1) != null ? found.group(1) : found.group(2);
        List<String> words = new ArrayList<>(List.of(content.split("[ \\t\\r\\n]+")));
        words.removeIf(String::isEmpty);
        return words;
    }

    String singleQuoted() throws NotPlainException {
        return take(SINGLE_QUOTED).group(1).replaceAll("\\\\(['\\\\])", "$1");
    }

    /** @param variables that it may name as {@code #{name}} */
    String doubleQuoted(Map<String, String> variables) throws NotPlainException {
        String content = take(DOUBLE_QUOTED).group(1);
        StringBuilder result = new StringBuilder();
        for (int index = 0; index < content.length(); index++) {
            char character = content.charAt(index);
            Matcher named = INTERPOLATION.matcher(content).region(index, content.length());
            if (character == '\\') {
                index++;
                result.append(unescaped(content.charAt(index)));
            } else if (!named.lookingAt()) {
                result.append(character);
            } else if (named.group(1).equals("{") && variables.containsKey(named.group(2))) {
                result.append(variables.get(named.group(2)));
                index = named.end() - 1;
            } else {
                throw new NotPlainException();
            }
        }
        return result.toString();
    }

    private static char unescaped(char character) {
        return switch (character) {
            case 'n' -> '\n';
            case 't' -> '\t';
            default -> character;
        };
    }
}
