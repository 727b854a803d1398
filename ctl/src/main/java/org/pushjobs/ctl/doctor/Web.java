package org.pushjobs.ctl.doctor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.pushjobs.chefhttp.TlsContexts;
import org.pushjobs.server.config.ServerConfig.TlsTrust;

/** Asks web servers, as the server would: with its trust, and without a proxy. Bounded in time. Blocking. */
final class Web {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final HttpClient client;

    /**
     * @param trust whose certificates are good
     * @throws CertificateException when the certificates cannot be used
     */
    Web(TlsTrust trust) throws CertificateException {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(LIMIT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(HttpClient.Builder.NO_PROXY);
        switch (trust) {
            case TlsTrust.SystemAuthorities() -> {}
            case TlsTrust.Authorities(String pem) -> builder.sslContext(TlsContexts.believing(pem));
            case TlsTrust.Anyone() -> builder.sslContext(TlsContexts.believingEverybody());
        }
        client = builder.build();
    }

    /** An answer, with the time between which bounds its {@code Date} was made. */
    record Answer(int status, String body, Optional<String> date, Instant asked, Instant answered) {}

    /** @param headers to be sent, too */
    Answer get(URI uri, Map<String, String> headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(LIMIT).header("Accept", "application/json");
        headers.forEach(request::header);
        Instant asked = Instant.now();
        HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
        return new Answer(
                response.statusCode(),
                new String(response.body(), StandardCharsets.UTF_8),
                response.headers().firstValue("Date"),
                asked,
                Instant.now());
    }

    /** {@code http://host:port/path}. */
    static URI at(InetSocketAddress address, String path) {
        String host = address.getAddress() == null
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort() + path);
    }
}
