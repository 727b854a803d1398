package org.pushjobs.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** docs/configuration.md. */
public record ConfigurationDocument(String text) {
    public static ConfigurationDocument read() {
        try {
            return new ConfigurationDocument(Files.readString(Path.of("..", "..", "docs", "configuration.md")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The cells of each row of the table that begins with the header, without backticks. */
    public List<List<String>> rows(String header) {
        int start = text.indexOf(header);
        assertThat(start).as("place of the table %s", header).isNotNegative();
        return text.substring(start)
                .lines()
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> Arrays.stream(line.substring(1).split("\\|"))
                        .map(cell -> cell.strip().replace("`", ""))
                        .toList())
                .toList();
    }
}
