package org.pushjobs.server.api;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/** {@code /openapi.yaml}: how this API is used, for anybody. */
final class OpenApiResource implements Handler<RoutingContext> {
    /** RFC 9512. */
    private static final String MEDIA_TYPE = "application/yaml";

    private static final String PATH = "/openapi.yaml";

    private final Buffer document;

    OpenApiResource() {
        try (InputStream yaml = OpenApiResource.class.getResourceAsStream(PATH)) {
            document = Buffer.buffer(yaml.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("reading a resource failed", e);
        }
    }

    @Override
    public void handle(RoutingContext context) {
        if (!context.request().method().equals(HttpMethod.GET)) {
            throw SignedRequestHandler.methodNotAllowed(context, Map.of(HttpMethod.GET, this));
        }
        context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, MEDIA_TYPE)
                .end(document)
                .onFailure(context::fail);
    }
}
