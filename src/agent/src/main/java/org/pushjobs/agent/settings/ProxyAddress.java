package org.pushjobs.agent.settings;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.chefhttp.ProxyUrl;

/**
 * A web proxy. Never printed with its credentials.
 *
 * @param credentials {@code USER:PASSWORD}
 */
public record ProxyAddress(String host, int port, Optional<String> credentials) {
    public ProxyAddress {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(credentials, "credentials");
    }

    /**
     * Reads {@code http://[USER:PASSWORD@]HOST[:PORT]}; the scheme may be missing.
     *
     * @throws IllegalArgumentException says which form it must have
     */
    public static ProxyAddress parse(String text) {
        ProxyUrl url = ProxyUrl.parse(text);
        return new ProxyAddress(url.host(), url.port(), url.credentials());
    }

    /** With other credentials. */
    public ProxyAddress withCredentials(String user, String password) {
        return new ProxyAddress(host, port, Optional.of(user + ":" + password));
    }

    /** The value of {@code Proxy-Authorization}. */
    public Optional<String> authorization() {
        return credentials.map(
                text -> "Basic " + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
