package org.pushjobs.server.api;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a client finds a job: with the scheme from {@code X-Forwarded-Proto} and host and port from {@code Host}, since
 * the server behind a proxy cannot know them (rest-api.md, "POST jobs").
 */
final class JobLocation {
    private static final Pattern HOST = Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?");
    private static final Pattern DEFAULT_PORT = Pattern.compile(":(80|443)$");

    private final String serverName;

    /** @param serverName host for HTTP/1.0 requests without {@code Host} and for malformed ones */
    JobLocation(String serverName) {
        this.serverName = serverName;
    }

    /** Where the organisation's jobs are. */
    String ofJobs(HttpServerRequest request, String orgName) {
        String job = of(request, orgName, "");
        return job.substring(0, job.length() - 1);
    }

    /** Absolute; the port is left out when it is 80 or 443. */
    String of(HttpServerRequest request, String orgName, String jobId) {
        return uri(
                Optional.ofNullable(request.getHeader("X-Forwarded-Proto")),
                Optional.ofNullable(request.getHeader(HttpHeaders.HOST)),
                request.localAddress().port(),
                orgName,
                jobId);
    }

    String uri(
            Optional<String> forwardedProto, Optional<String> hostHeader, int localPort, String orgName, String jobId) {
        String host = hostHeader.filter(given -> HOST.matcher(given).matches()).orElse(serverName + ":" + localPort);
        return scheme(forwardedProto) + "://" + DEFAULT_PORT.matcher(host).replaceFirst("") + "/organizations/"
                + orgName + "/pushy/jobs/" + jobId;
    }

    private static String scheme(Optional<String> forwardedProto) {
        String first = forwardedProto.orElse("").split(",", 2)[0].strip();
        return first.equalsIgnoreCase("https") ? "https" : "http";
    }
}
