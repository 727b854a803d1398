package org.pushjobs.server.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;

/** Sends JSON. */
final class JsonAnswer {
    static final String MEDIA_TYPE = "application/json";

    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonAnswer() {}

    static Future<Void> send(RoutingContext context, int status, JsonNode body) {
        return send(context, status, bytes(body));
    }

    /** JSON, UTF-8. */
    static byte[] bytes(JsonNode body) {
        try {
            return JSON.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("writing JSON to memory failed", e);
        }
    }

    /** @param body JSON, UTF-8 */
    static Future<Void> send(RoutingContext context, int status, byte[] body) {
        return context.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, MEDIA_TYPE)
                .end(Buffer.buffer(body));
    }
}
