package org.pushjobs.server.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.pushjobs.server.ServerException;

/** Reads the bodies of requests that change the directory. Unknown members are errors. */
final class DirectoryBody {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private DirectoryBody() {}

    /** @throws ServerException of status 400 when it is not as the type says */
    static <T> T read(Buffer body, Class<T> type) {
        try {
            T value = JSON.readValue(body.getBytes(), type);
            if (value == null) {
                throw new ServerException(400, "the request body must be a JSON object");
            }
            return value;
        } catch (JsonMappingException e) {
            if (e.getCause() instanceof ServerException refusal) {
                throw new ServerException(refusal.status(), refusal.getMessage());
            }
            throw new ServerException(400, "the request body does not fit: " + e.getOriginalMessage());
        } catch (JsonProcessingException e) {
            throw new ServerException(400, "the request body is not valid JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new IllegalStateException("reading JSON from memory failed", e);
        }
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
            throw new ServerException(400, "'" + name + "' must be a time such as 2030-12-31T23:59:59Z");
        }
    }
}
