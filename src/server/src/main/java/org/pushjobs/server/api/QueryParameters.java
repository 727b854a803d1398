package org.pushjobs.server.api;

import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Optional;
import org.pushjobs.server.ServerException;

/** The parameters in a request's URI; errors are told with the parameter's name. */
record QueryParameters(MultiMap parameters) {
    /** @throws ServerException of status 400 when it is there twice or is no text that can be looked for */
    Optional<String> text(String name) {
        List<String> values = parameters.getAll(name);
        if (values.size() > 1) {
            throw invalid(name, "is given more than once");
        }
        if (values.stream().anyMatch(value -> !Names.isStorable(value))) {
            throw invalid(name, "must be text without NUL and broken characters");
        }
        return values.stream().findFirst();
    }

    static ServerException invalid(String name, String error) {
        return new ServerException(400, "the parameter '" + name + "' " + error);
    }
}
