package org.pushjobs.server.api;

import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where a request came from, for people: behind a proxy what the proxy next to us says in {@code X-Forwarded-For}, its last
 * entry, else the peer. Nothing that decides anything may rest on it.
 */
final class RemoteAddress {
    private static final String FORWARDED = "X-Forwarded-For";
    private static final Pattern ADDRESS = Pattern.compile("[0-9A-Fa-f.:]{2,45}");

    private RemoteAddress() {}

    static String of(HttpServerRequest request) {
        List<String> headers = request.headers().getAll(FORWARDED);
        if (!headers.isEmpty()) {
            String last = headers.getLast();
            String address = last.substring(last.lastIndexOf(',') + 1).strip();
            if (ADDRESS.matcher(address).matches()) {
                return address;
            }
        }
        return request.remoteAddress().hostAddress();
    }
}
