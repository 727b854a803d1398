package org.pushjobs.server.api;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a client finds a job: with the scheme from {@code X-Forwarded-Proto} and host and port from {@code Host}, since
 * the server behind a proxy cannot know them (rest-api.md, "POST jobs").
 */
final class JobLocation {
    private static final Pattern HOST = Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?");

    private final String fallbackHost;

    /** @param fallbackHost {@code host:port} for HTTP/1.0 requests without {@code Host} and for malformed ones */
    JobLocation(String fallbackHost) {
        this.fallbackHost = fallbackHost;
    }

    /** Absolute; the port is left out when it is 80 or 443. */
    String of(HttpServerRequest request, String orgName, String jobId) {
        return uri(request.getHeader("X-Forwarded-Proto"), request.getHeader(HttpHeaders.HOST), orgName, jobId);
    }

    String uri(String forwardedProto, String hostHeader, String orgName, String jobId) {
        return scheme(forwardedProto) + "://" + host(hostHeader) + "/organizations/" + orgName + "/pushy/jobs/" + jobId;
    }

    private static String scheme(String forwardedProto) {
        String first = forwardedProto == null ? "" : forwardedProto.split(",", 2)[0].strip();
        return first.equalsIgnoreCase("https") ? "https" : "http";
    }

    private String host(String header) {
        Matcher given = HOST.matcher(header == null ? "" : header);
        Matcher host = given.matches() ? given : HOST.matcher(fallbackHost);
        if (!host.matches()) {
            return fallbackHost;
        }
        String port = host.group(2);
        return port == null || port.equals(":80") || port.equals(":443") ? host.group(1) : host.group();
    }
}
