package org.pushjobs.workstation.job;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Text in UTF-8 that an option names: a file, or {@code -} for standard input. */
final class GivenFile {
    private static final Path STANDARD_INPUT = Path.of("-");
    private static final int MAX_BYTES = 16 << 20;

    private GivenFile() {}

    /** @throws IllegalArgumentException when it cannot be read; the message names the option and the file */
    static String text(String option, Path file) {
        String name = file.equals(STANDARD_INPUT) ? "standard input" : file.toString();
        byte[] bytes;
        try {
            bytes = file.equals(STANDARD_INPUT) ? System.in.readNBytes(MAX_BYTES + 1) : ofFile(file);
        } catch (NoSuchFileException _) {
            throw new IllegalArgumentException(option + ": " + name + " does not exist");
        } catch (IOException e) {
            throw new IllegalArgumentException(option + ": " + name + " cannot be read: " + e.getMessage());
        }
        if (bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException(option + ": " + name + " has more than " + MAX_BYTES + " bytes");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException _) {
            throw new IllegalArgumentException(option + ": " + name + " is not text in UTF-8");
        }
    }

    private static byte[] ofFile(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(MAX_BYTES + 1);
        }
    }

    /** The lines without those that are empty or begin with {@code #}, and without blanks around them. */
    static List<String> lines(String text) {
        return text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }
}
