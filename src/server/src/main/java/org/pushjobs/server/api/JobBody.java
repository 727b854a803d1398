package org.pushjobs.server.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The JSON object that {@code POST jobs} carries, its fields not yet looked at. A field that is there twice makes the
 * body invalid, since two readers could take it for two different jobs; within {@code env} it is an error of its own.
 *
 * @param fields by name
 * @param duplicateEnvironmentKey a name that {@code env} has twice
 */
record JobBody(Map<String, JsonNode> fields, Optional<String> duplicateEnvironmentKey) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonFactory FACTORY = JSON.getFactory();

    JobBody {
        fields = Map.copyOf(fields);
    }

    /** @throws ValidationException of status 400 when the body is no JSON object */
    static JobBody parse(byte[] body) {
        try (JsonParser parser = FACTORY.createParser(utf8(body))) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw invalid("the request body must be a JSON object");
            }
            Map<String, JsonNode> fields = new LinkedHashMap<>();
            Optional<String> duplicateEnvironmentKey = Optional.empty();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonNode value;
                if (parser.nextToken() == JsonToken.START_OBJECT && name.equals("env")) {
                    ObjectNode environment = JsonNodeFactory.instance.objectNode();
                    Optional<String> duplicate = readEnvironment(parser, environment);
                    duplicateEnvironmentKey = duplicateEnvironmentKey.or(() -> duplicate);
                    value = environment;
                } else {
                    value = JSON.readTree(parser);
                }
                if (fields.put(name, value) != null) {
                    throw new ValidationException(
                            400, "the request body has the same key twice", WrongField.ofSecret(name));
                }
            }
            if (parser.nextToken() != null) {
                throw invalid("the request body has more than one JSON value");
            }
            return new JobBody(fields, duplicateEnvironmentKey);
        } catch (StreamConstraintsException _) {
            throw invalid("the request body is not valid JSON: its nesting or a number in it is too long");
        } catch (JsonProcessingException e) {
            throw invalid("the request body is not valid JSON" + place(e));
        } catch (CharacterCodingException _) {
            throw invalid("the request body is not valid UTF-8");
        } catch (IOException e) {
            throw new IllegalStateException("reading JSON from memory failed", e);
        }
    }

    /** @return the first name that is there twice */
    private static Optional<String> readEnvironment(JsonParser parser, ObjectNode environment) throws IOException {
        Optional<String> duplicate = Optional.empty();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            if (environment.replace(name, JSON.readTree(parser)) != null && duplicate.isEmpty()) {
                duplicate = Optional.of(name);
            }
        }
        return duplicate;
    }

    private static String place(JsonProcessingException error) {
        return Optional.ofNullable(error.getLocation())
                .map(at -> " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")")
                .orElse("");
    }

    private static String utf8(byte[] body) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    }

    private static ValidationException invalid(String message) {
        return new ValidationException(400, message);
    }

    Optional<JsonNode> field(String name) {
        return Optional.ofNullable(fields.get(name));
    }

    boolean has(String name) {
        return fields.containsKey(name);
    }
}
