package org.pushjobs.agent.whitelist;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import org.joni.NameEntry;
import org.joni.Regex;
import org.joni.Region;

/**
 * What stands in the place of a match, in the language of Ruby's {@code sub}: {@code \1}, {@code \k<name>}, {@code \0} and
 * {@code \&} for the match, {@code \`} and {@code \'} for what is before and after it, {@code \\} for a backslash. Groups
 * that are not there or did not match are empty; a backslash before anything else stands for itself.
 */
record Replacement(String template) {
    void write(byte[] input, Region match, Regex regex, ByteArrayOutputStream output) {
        byte[] text = template.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < text.length; i++) {
            if (text[i] != '\\' || i + 1 == text.length) {
                output.write(text[i]);
                continue;
            }
            i++;
            switch (text[i]) {
                case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> group(input, match, text[i] - '0', output);
                case '&' -> group(input, match, 0, output);
                case '`' -> output.write(input, 0, match.getBeg(0));
                case '\'' -> output.write(input, match.getEnd(0), input.length - match.getEnd(0));
                case '\\' -> output.write('\\');
                case 'k' -> i = named(text, i, input, match, regex, output);
                default -> {
                    output.write('\\');
                    output.write(text[i]);
                }
            }
        }
    }

    /** Writes the group named in {@code k<name>} and returns the index of the last byte that belongs to it. */
    private static int named(
            byte[] text, int at, byte[] input, Region match, Regex regex, ByteArrayOutputStream output) {
        int end = at + 1 < text.length && text[at + 1] == '<' ? indexOf(text, '>', at) : -1;
        if (end < 0) {
            output.write('\\');
            output.write('k');
            return at;
        }
        byte[] name = Arrays.copyOfRange(text, at + 2, end);
        for (Iterator<NameEntry> names = regex.namedBackrefIterator(); names.hasNext(); ) {
            NameEntry entry = names.next();
            if (Arrays.equals(name, Arrays.copyOfRange(entry.name, entry.nameP, entry.nameEnd))) {
                group(input, match, lastThatMatched(entry.getBackRefs(), match), output);
            }
        }
        return end;
    }

    private static int lastThatMatched(int[] groups, Region match) {
        int last = groups[groups.length - 1];
        for (int group : groups) {
            if (match.getBeg(group) >= 0) {
                last = group;
            }
        }
        return last;
    }

    private static void group(byte[] input, Region match, int group, ByteArrayOutputStream output) {
        if (group < match.getNumRegs() && match.getBeg(group) >= 0) {
            output.write(input, match.getBeg(group), match.getEnd(group) - match.getBeg(group));
        }
    }

    private static int indexOf(byte[] text, char wanted, int from) {
        for (int i = from; i < text.length; i++) {
            if (text[i] == wanted) {
                return i;
            }
        }
        return -1;
    }
}
