package org.pushjobs.ctl.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What to do about a file that cannot be evaluated, where Ruby's own words say only what it met. */
final class EvaluationAdvice {
    private static final Pattern PLACE = Pattern.compile("\\A(.+):(\\d+): ", Pattern.DOTALL);
    private static final Pattern OF_COOKBOOKS = Pattern.compile("\\s*(default|override|normal|force_default)\\s*\\[.*");

    private EvaluationAdvice() {}

    /** @return goes on after the message; empty when there is nothing to add */
    static String of(Path file, String message) {
        if (message.contains("took longer than")) {
            return "; look for a loop in it, and for what waits for something";
        }
        Matcher place = PLACE.matcher(message);
        if (!place.find() || !place.group(1).equals(file.toString())) {
            return "";
        }
        try {
            List<String> lines = Files.readAllLines(file);
            int line = Integer.parseInt(place.group(2));
            return line <= lines.size()
                            && OF_COOKBOOKS.matcher(lines.get(line - 1)).matches()
                    ? "; this is how cookbooks set attributes: here write " + Attributes.SERVER + "['NAME'] = VALUE"
                    : "";
        } catch (IOException e) {
            return ""; // what Ruby says is all that is known
        }
    }
}
