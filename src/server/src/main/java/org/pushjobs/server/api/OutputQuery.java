package org.pushjobs.server.api;

import java.util.Optional;

/**
 * How much of a node's output is wanted.
 *
 * @param follow before the node's part has ended: true for what is there and what comes, false for what is there, empty for
 *     nothing
 * @param offset bytes to leave out at the start
 */
record OutputQuery(Optional<Boolean> follow, long offset) {
    /** More digits than any offset has. */
    private static final int MAX_DIGITS = 18;

    /** @throws org.pushjobs.server.ServerException of status 400 when a parameter is wrong */
    static OutputQuery of(QueryParameters parameters) {
        return new OutputQuery(flag(parameters, "follow"), offset(parameters));
    }

    static Optional<Boolean> flag(QueryParameters parameters, String name) {
        return parameters.text(name).map(text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw QueryParameters.invalid(name, text, "must be true or false");
        });
    }

    private static long offset(QueryParameters parameters) {
        return parameters
                .text("offset")
                .map(text -> {
                    if (text.isEmpty()
                            || text.length() > MAX_DIGITS
                            || text.chars().anyMatch(digit -> digit < '0' || digit > '9')) {
                        throw QueryParameters.invalid("offset", text, "must be a whole number of bytes");
                    }
                    return Long.parseLong(text);
                })
                .orElse(0L);
    }
}
