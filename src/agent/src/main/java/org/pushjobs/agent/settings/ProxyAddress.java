package org.pushjobs.agent.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;

/**
 * A web proxy. Never printed with its credentials.
 *
 * @param credentials {@code USER:PASSWORD}
 */
public record ProxyAddress(String host, int port, Optional<String> credentials) {
    private static final int DEFAULT_PORT = 80;

    public ProxyAddress {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(credentials, "credentials");
    }

    /**
     * Reads {@code http://[USER:PASSWORD@]HOST[:PORT]}; the scheme may be missing.
     *
     * @throws IllegalArgumentException says what is wrong; without the credentials
     */
    public static ProxyAddress parse(String text) {
        URI uri;
        try {
            uri = new URI(text.contains("://") ? text.strip() : "http://" + text.strip());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("is no URL of a proxy: " + e.getReason());
        }
        if (!"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null) {
            throw new IllegalArgumentException("must have the form http://[USER:PASSWORD@]HOST:PORT");
        }
        return new ProxyAddress(
                uri.getHost(),
                uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(),
                Optional.ofNullable(uri.getRawUserInfo())
                        .map(info -> URLDecoder.decode(info.replace("+", "%2B"), StandardCharsets.UTF_8)));
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
