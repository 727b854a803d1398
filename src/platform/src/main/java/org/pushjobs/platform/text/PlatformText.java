package org.pushjobs.platform.text;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Whether text that enters and leaves this process by the system (arguments, environment, names of files) stays what it is.
 * Java gives it the encoding of the locale when the process starts. In a locale without UTF-8 every other character of a
 * command would become {@code ?}, which a shell takes for a wildcard. So a program asks before it does anything else, and
 * ends when there is a problem. Usable from any thread.
 */
public final class PlatformText {
    private static final String ENCODING_PROPERTY = "sun.jnu.encoding";
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
    private static final String REPLACEMENT = "\ufffd";

    private PlatformText() {}

    /**
     * What is wrong, and what to do; empty when text stays what it is.
     *
     * @param arguments as the program got them
     */
    public static Optional<String> problem(String... arguments) {
        return problem(System.getProperty(ENCODING_PROPERTY, ""), List.of(arguments), COMMAND_LINE);
    }

    /**
     * @param encoding of the platform, by its name in Java
     * @param commandLine a file with the bytes of all arguments; may be missing
     */
    static Optional<String> problem(String encoding, List<String> arguments, Path commandLine) {
        if (!encoding.equals(StandardCharsets.UTF_8.name())) {
            return Optional.of("the locale's encoding is " + encoding + ", so that text would be changed on its way"
                    + " through this program; UTF-8 is needed. Start the program by its script in bin, which sees to"
                    + " that, or set LC_ALL to a locale of UTF-8 that is installed here, for example C.UTF-8"
                    + " (locale -a lists them)");
        }
        return arguments.stream()
                .filter(argument -> argument.contains(REPLACEMENT))
                .findFirst()
                .filter(_ -> !isWholeUtf8(commandLine))
                .map(argument -> "an argument is not text in UTF-8 and would be changed: " + argument);
    }

    /** The replacement character may be meant; only the bytes tell, where there are any to look at. */
    private static boolean isWholeUtf8(Path commandLine) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(commandLine)));
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /** Whether text can be passed on by the system as it is: it has no zero character and no half of a surrogate pair. */
    public static boolean canBePassedOn(String text) {
        return text.indexOf('\0') < 0 && isWhole(text);
    }

    /** Whether text can be written in UTF-8 as it is: it has no half of a surrogate pair. */
    public static boolean isWhole(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }
}
