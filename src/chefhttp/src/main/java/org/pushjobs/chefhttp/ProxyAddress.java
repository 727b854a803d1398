package org.pushjobs.chefhttp;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A web proxy. Never printed with its credentials.
 *
 * @param credentials {@code USER:PASSWORD}
 */
public record ProxyAddress(String host, int port, Optional<String> credentials) {
    private static final Pattern FORM = Pattern.compile(
            "(?:(?<scheme>https?)://)?(?:(?<user>[^@/]*)@)?(?<host>[\\p{Alnum}._-]+|\\[[0-9a-fA-F:.]+\\])(?::(?<port>[0-9]{1,5}))?/?",
            Pattern.CASE_INSENSITIVE);
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final int LAST_PORT = 65_535;

    public ProxyAddress {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(credentials, "credentials");
    }

    /**
     * Reads {@code http://[USER:PASSWORD@]HOST[:PORT]}; the scheme may be missing. As Chef does, the proxy is spoken to without
     * encryption even when the text begins with {@code https}: that is what most such texts mean.
     *
     * @throws IllegalArgumentException says what form it must have, and not what the text is: it may hold a password
     */
    public static ProxyAddress parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw wrong();
        }
        boolean https = "https"
                .equals(Optional.ofNullable(matcher.group("scheme"))
                        .map(scheme -> scheme.toLowerCase(Locale.ROOT))
                        .orElse(""));
        int port = Optional.ofNullable(matcher.group("port"))
                .map(Integer::parseInt)
                .orElse(https ? HTTPS_PORT : HTTP_PORT);
        if (port < 1 || port > LAST_PORT) {
            throw wrong();
        }
        return new ProxyAddress(
                matcher.group("host"),
                port,
                Optional.ofNullable(matcher.group("user")).map(ProxyAddress::decoded));
    }

    private static String decoded(String credentials) {
        try {
            return URLDecoder.decode(credentials.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw wrong();
        }
    }

    private static IllegalArgumentException wrong() {
        return new IllegalArgumentException("must have the form http://[USER:PASSWORD@]HOST:PORT");
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
