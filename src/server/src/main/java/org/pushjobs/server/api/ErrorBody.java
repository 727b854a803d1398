package org.pushjobs.server.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.pushjobs.server.ServerException;

/** The bodies of error answers (rest-api.md, request-signing.md). */
final class ErrorBody {
    private ErrorBody() {}

    /** {@code {"error":["…"]}}, for validation errors {@code {"error":"…"}} and, where it is one, the field and its value. */
    static ObjectNode of(ServerException error) {
        return error instanceof ValidationException refusal ? ofBody(refusal) : list(error.getMessage());
    }

    private static ObjectNode ofBody(ValidationException refusal) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("error", refusal.getMessage());
        refusal.wrong().ifPresent(wrong -> {
            body.put("field", wrong.name());
            wrong.value().ifPresent(value -> body.put("value", value));
        });
        return body;
    }

    /** {@code {"error":["…"]}} */
    static ObjectNode list(String message) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putArray("error").add(message);
        return body;
    }
}
