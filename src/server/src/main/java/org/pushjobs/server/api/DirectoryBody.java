package org.pushjobs.server.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.rejections.LineQuota;

/** Reads the bodies of requests that change the directory. Unknown members are errors. */
final class DirectoryBody {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final int MAX_CHARACTERS = 100;

    private DirectoryBody() {}

    /** @throws ServerException of status 400 when it is not as the type says */
    static <T> T read(Buffer body, Class<T> type) {
        JsonNode tree = tree(body);
        if (!tree.isObject()) {
            throw new ServerException(400, "the request body must be a JSON object");
        }
        try {
            return JSON.treeToValue(tree, type);
        } catch (JsonMappingException e) {
            if (e.getCause() instanceof ServerException refusal) {
                throw new ServerException(refusal.status(), refusal.getMessage());
            }
            throw new ServerException(400, misfit(tree, e));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("JSON that was read cannot be read", e);
        }
    }

    private static JsonNode tree(Buffer body) {
        try {
            return JSON.readTree(body.getBytes());
        } catch (JsonProcessingException e) {
            throw new ServerException(400, "the request body is not valid JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new IllegalStateException("reading JSON from memory failed", e);
        }
    }

    private static String misfit(JsonNode body, JsonMappingException error) {
        StringBuilder name = new StringBuilder();
        JsonNode value = body;
        for (JsonMappingException.Reference step : error.getPath()) {
            if (step.getFieldName() == null) {
                name.append('[').append(step.getIndex()).append(']');
                value = value.path(step.getIndex());
            } else {
                name.append(name.isEmpty() ? "" : ".").append(step.getFieldName());
                value = value.path(step.getFieldName());
            }
        }
        String field = "'" + LineQuota.printable(name.toString(), MAX_CHARACTERS) + "'";
        return error instanceof UnrecognizedPropertyException
                ? "the request body must not have " + field
                : field + " is " + LineQuota.printable(value.toString(), MAX_CHARACTERS)
                        + " and must be of another type";
    }

    /** @throws ServerException of status 400 when it is missing */
    static String required(String name, String value) {
        if (value == null || value.isEmpty()) {
            throw new ServerException(400, "'" + name + "' is missing");
        }
        return value;
    }

    /** A time, ISO 8601 in UTC; empty when there is none. */
    static Optional<Instant> time(String name, String value) {
        try {
            return Optional.ofNullable(value).map(Instant::parse);
        } catch (DateTimeParseException e) {
            throw new ServerException(
                    400,
                    "'" + name + "' is '" + LineQuota.printable(value, MAX_CHARACTERS)
                            + "' and must be a time such as 2030-12-31T23:59:59Z");
        }
    }
}
