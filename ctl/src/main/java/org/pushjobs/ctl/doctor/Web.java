package org.pushjobs.ctl.doctor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Duration;
import org.pushjobs.chefhttp.ServerHttp;
import org.pushjobs.config.TlsTrust;
import org.pushjobs.ctl.chef.Connection;

/** Asks web servers, as the server would: with its trust, and without a proxy. Bounded in time. Blocking. */
final class Web {
    static final Duration LIMIT = Duration.ofSeconds(5);

    private Web() {}

    /** An answer to a request without signature. */
    record Answer(int status, String body) {}

    /**
     * Asks for what is there.
     *
     * @param trust whose certificates are good
     * @throws CertificateException when the certificates cannot be used
     */
    static Answer get(URI uri, TlsTrust trust) throws IOException, CertificateException, InterruptedException {
        try (ServerHttp http = Connection.to(uri, trust, LIMIT)) {
            HttpResponse<byte[]> response = http.send(
                    http.unsigned(uri).header("Accept", "application/json").build(), BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), new String(response.body(), StandardCharsets.UTF_8));
        }
    }

    /** {@code http://host:port/path}. */
    static URI at(InetSocketAddress address, String path) {
        String host = address.getAddress() == null
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort() + path);
    }
}
