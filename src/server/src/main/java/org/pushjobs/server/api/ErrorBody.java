package org.pushjobs.server.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.pushjobs.server.ServerException;

/** The bodies of error answers (rest-api.md, request-signing.md). */
final class ErrorBody {
    private ErrorBody() {}

    /** {@code {"error":["…"]}}, for validation errors {@code {"error":"…"}}. */
    static ObjectNode of(ServerException error) {
        return error instanceof ValidationException
                ? JsonNodeFactory.instance.objectNode().put("error", error.getMessage())
                : list(error.getMessage());
    }

    /** {@code {"error":["…"]}} */
    static ObjectNode list(String message) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putArray("error").add(message);
        return body;
    }
}
