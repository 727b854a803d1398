package org.pushjobs.protocol.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The top-level fields of a body frame, read by a streaming parser: scalars as text, one level of string maps, anything
 * deeper is skipped. Every getter checks its field and names it when it is wrong.
 */
final class BodyFields {
    /** No table of names is kept: whoever can connect could fill it with names that collide. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private static final char REPLACEMENT = '\ufffd';
    private static final Object NULL = new Object();
    private static final Object NESTED = new Object();

    private final Map<String, Object> values;

    private BodyFields(Map<String, Object> values) {
        this.values = values;
    }

    static BodyFields parse(byte[] body) throws RejectedMessageException {
        Map<String, Object> values = new HashMap<>(32);
        try (JsonParser parser = JSON.createParser(strictUtf8(body))) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw badJson("body is not a JSON object");
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                values.put(name, value(parser));
            }
            if (parser.nextToken() != null) {
                throw badJson("body has text after the JSON object");
            }
        } catch (IOException e) {
            throw badJson("body is not valid JSON");
        }
        return new BodyFields(values);
    }

    /**
     * The parser alone would also take other encodings, and sequences of bytes that UTF-8 forbids. Only text in which the
     * lenient decoder may have replaced one is decoded again by the strict one, which is slower.
     */
    private static String strictUtf8(byte[] body) throws CharacterCodingException {
        String text = new String(body, StandardCharsets.UTF_8);
        return text.indexOf(REPLACEMENT) < 0
                ? text
                : StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(body))
                        .toString();
    }

    private static Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            case VALUE_NULL -> NULL;
            case START_OBJECT -> stringMap(parser);
            default -> {
                parser.skipChildren();
                yield NESTED;
            }
        };
    }

    private static Object stringMap(JsonParser parser) throws IOException {
        Map<String, String> map = new LinkedHashMap<>();
        boolean onlyStrings = true;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            if (parser.nextToken() == JsonToken.VALUE_STRING) {
                map.put(name, parser.getText());
            } else {
                parser.skipChildren();
                onlyStrings = false;
            }
        }
        return onlyStrings ? map : NESTED;
    }

    boolean isAbsent(String name) {
        Object value = values.get(name);
        return value == null || value == NULL;
    }

    /** A field that is only shown to people: whatever scalar it is, as text; empty when there is none. */
    String looseText(String name) {
        Object value = values.get(name);
        return value instanceof String || value instanceof Number ? value.toString() : "";
    }

    String string(String name) throws RejectedMessageException {
        return optionalString(name).orElseThrow(() -> badField(name, "is missing"));
    }

    Optional<String> optionalString(String name) throws RejectedMessageException {
        if (isAbsent(name)) {
            return Optional.empty();
        }
        if (values.get(name) instanceof String text) {
            return Optional.of(text);
        }
        throw badField(name, "is not a string");
    }

    long integer(String name) throws RejectedMessageException {
        return switch (values.get(name)) {
            case Integer number -> number;
            case Long number -> number;
            case null -> throw badField(name, "is missing");
            case Object none when none == NULL -> throw badField(name, "is missing");
            default -> throw badField(name, "is not an integer");
        };
    }

    boolean optionalBoolean(String name) throws RejectedMessageException {
        if (isAbsent(name)) {
            return false;
        }
        if (values.get(name) instanceof Boolean flag) {
            return flag;
        }
        throw badField(name, "is not true or false");
    }

    @SuppressWarnings("unchecked")
    Optional<Map<String, String>> optionalStringMap(String name) throws RejectedMessageException {
        if (isAbsent(name)) {
            return Optional.empty();
        }
        if (values.get(name) instanceof Map<?, ?> map) {
            return Optional.of((Map<String, String>) map);
        }
        throw badField(name, "is not an object of strings");
    }

    Instant timestamp() throws RejectedMessageException {
        String text = string("timestamp");
        try {
            return HttpDate.parse(text);
        } catch (DateTimeParseException e) {
            throw badField("timestamp", "is no RFC 1123 date");
        }
    }

    static RejectedMessageException badField(String name, String problem) {
        return new RejectedMessageException(RejectionReason.BAD_FIELD, "field " + name + " " + problem);
    }

    private static RejectedMessageException badJson(String detail) {
        return new RejectedMessageException(RejectionReason.BAD_JSON, detail);
    }

    /**
     * Writes one JSON object. Text goes out as plain UTF-8, whatever its characters: the generator of bytes would write
     * what is beyond U+FFFF as two escapes, three times as long. Half of a surrogate pair becomes a question mark.
     */
    static byte[] write(FieldWriter fields) {
        StringWriter text = new StringWriter(512);
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing JSON to memory failed", e);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    @FunctionalInterface
    interface FieldWriter {
        void write(JsonGenerator json) throws IOException;
    }
}
