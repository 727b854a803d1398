package org.pushjobs.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.server.rejections.LineQuota;

/**
 * A field of a request body that is refused.
 *
 * @param name such as {@code quorum} or {@code nodes[2]}
 * @param value as JSON, cut; empty when the field is missing or may hold a secret
 */
record WrongField(String name, Optional<String> value) {
    private static final int MAX_NAME_CHARACTERS = 100;
    private static final int MAX_VALUE_CHARACTERS = 100;

    WrongField {
        name = LineQuota.printable(name, MAX_NAME_CHARACTERS);
        Objects.requireNonNull(value, "value");
    }

    static WrongField of(String name, Optional<JsonNode> value) {
        return new WrongField(name, value.map(json -> LineQuota.printable(json.toString(), MAX_VALUE_CHARACTERS)));
    }

    static WrongField of(String name, JsonNode value) {
        return of(name, Optional.of(value));
    }

    /** One whose value nobody is to see again. */
    static WrongField ofSecret(String name) {
        return new WrongField(name, Optional.empty());
    }
}
