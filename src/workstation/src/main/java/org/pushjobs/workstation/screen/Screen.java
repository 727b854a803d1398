package org.pushjobs.workstation.screen;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.Function;

/**
 * Where a command writes. Used by one thread.
 *
 * @param out results
 * @param err problems, and everything that is for people while {@code out} carries JSON or YAML
 * @param progress makes the display of a running job, on the stream it is given
 * @param display who reads {@code out}
 */
public record Screen(PrintStream out, PrintStream err, Function<PrintStream, Progress> progress, Display display) {
    public Screen {
        Objects.requireNonNull(out, "out");
        Objects.requireNonNull(err, "err");
        Objects.requireNonNull(progress, "progress");
        Objects.requireNonNull(display, "display");
    }

    /** The text in the colour of its meaning, where colours are wanted. */
    public String styled(Style style, String text) {
        return display.colours() ? style.on(text) : text;
    }

    /** The stream for what only people read, so that a document on {@code out} stays parseable. */
    public PrintStream forPeople(OutputFormat format) {
        return switch (format) {
            case TEXT -> out;
            case JSON, JSONL, YAML, PP -> err;
        };
    }

    /**
     * Shows a document: by {@code text}, or itself as indented JSON, as lines of JSON, as YAML, or as Ruby shows it. Its times
     * are in ISO 8601 ({@link DataTimes}), but under knife's name as the server has them, as from knife.
     */
    public void show(OutputFormat format, JsonNode document, Runnable text) {
        switch (format) {
            case TEXT -> text.run();
            case JSON -> utf8(data(document).toPrettyString() + System.lineSeparator());
            case JSONL -> {
                if (document.isArray()) {
                    document.forEach(this::line);
                } else {
                    line(document);
                }
            }
            case YAML -> utf8(yaml(data(document)));
            case PP -> utf8(RubyText.of(data(document)) + System.lineSeparator());
        }
    }

    /** Shows one of a series of documents, of which each is a line of JSON, a YAML document, or as Ruby shows it. */
    public void showNext(OutputFormat format, JsonNode document, Runnable text) {
        switch (format) {
            case TEXT -> text.run();
            case JSON, JSONL -> line(document);
            case YAML, PP -> show(format, document, text);
        }
    }

    private void line(JsonNode document) {
        utf8(data(document) + System.lineSeparator());
    }

    private JsonNode data(JsonNode document) {
        return switch (display.calledAs()) {
            case PUSHJOBS -> DataTimes.iso(document);
            case KNIFE_PUSH -> document;
        };
    }

    /** In UTF-8 whatever the terminal's encoding. */
    private void utf8(String document) {
        out.writeBytes(document.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static String yaml(JsonNode document) {
        YAMLFactory factory = YAMLFactory.builder()
                .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                .disable(YAMLGenerator.Feature.SPLIT_LINES)
                .build();
        try {
            return new ObjectMapper(factory).writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("writing YAML to memory failed", e);
        }
    }

    /** The text with control characters replaced, so that what others wrote cannot steer a terminal. */
    public static String printable(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(c -> shown.appendCodePoint(Character.isISOControl(c) ? '?' : c));
        return shown.toString();
    }
}
