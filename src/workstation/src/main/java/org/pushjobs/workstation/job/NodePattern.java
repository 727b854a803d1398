package org.pushjobs.workstation.job;

import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Names of nodes as a shell would match files: {@code *}, {@code ?}, {@code [abc]}, {@code [a-c]}, {@code [!abc]}. */
final class NodePattern implements Predicate<String> {
    private static final Pattern PART = Pattern.compile("\\[(!?)([^\\]]+)\\]|[*?]|[^*?\\[]+|\\[");
    private static final Pattern RANGE = Pattern.compile("(.)-(.)|(.)");
    private static final String NOTHING = "(?!)";

    private final String text;
    private final Pattern pattern;

    private NodePattern(String text) {
        this.text = text;
        StringBuilder regex = new StringBuilder();
        PART.matcher(text).results().forEach(part -> {
            String set = part.group(2);
            regex.append(
                    switch (part.group()) {
                        case "*" -> ".*";
                        case "?" -> ".";
                        default -> set == null ? Pattern.quote(part.group()) : set(part.group(1), set);
                    });
        });
        this.pattern = Pattern.compile(regex.toString());
    }

    /** No name has a character that means something else here. */
    static boolean isPattern(String text) {
        return text.chars().anyMatch(c -> c == '*' || c == '?' || c == '[');
    }

    static NodePattern of(String text) {
        return new NodePattern(text);
    }

    private static String set(String not, String content) {
        StringBuilder members = new StringBuilder();
        RANGE.matcher(content).results().forEach(part -> {
            if (part.group(3) != null) {
                members.append(Pattern.quote(part.group(3)));
            } else if (part.group(1).charAt(0) <= part.group(2).charAt(0)) {
                members.append(Pattern.quote(part.group(1))).append('-').append(Pattern.quote(part.group(2)));
            }
        });
        if (members.isEmpty()) {
            return not.isEmpty() ? NOTHING : ".";
        }
        return (not.isEmpty() ? "[" : "[^") + members + "]";
    }

    @Override
    public boolean test(String name) {
        return pattern.matcher(name).matches();
    }

    @Override
    public String toString() {
        return text;
    }
}
