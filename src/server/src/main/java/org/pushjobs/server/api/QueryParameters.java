package org.pushjobs.server.api;

import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Optional;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.rejections.LineQuota;

/** The parameters in a request's URI; errors are told with the parameter's name and value. */
record QueryParameters(MultiMap parameters) {
    private static final int MAX_VALUE_CHARACTERS = 100;

    /** @throws ServerException of status 400 when it is there twice or is no text that can be looked for */
    Optional<String> text(String name) {
        List<String> values = parameters.getAll(name);
        if (values.size() > 1) {
            throw new ServerException(400, "the parameter '" + name + "' is given more than once");
        }
        if (values.stream().anyMatch(value -> !Names.isStorable(value))) {
            throw invalid(name, values.getFirst(), "must be text without NUL and broken characters");
        }
        return values.stream().findFirst();
    }

    /** @param rule what the value breaks */
    static ServerException invalid(String name, String value, String rule) {
        return new ServerException(
                400,
                "the parameter '" + name + "' is '" + LineQuota.printable(value, MAX_VALUE_CHARACTERS) + "' and "
                        + rule);
    }
}
