package org.pushjobs.chefhttp;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an organisation is served: {@code http(s)://HOST[:PORT][/PREFIX]/organizations/ORG}. A user in it is passed over.
 *
 * @param base without a trailing slash
 * @param org the organisation's name
 */
public record ServerUrl(URI base, String org) {
    private static final Pattern ORGANISATION = Pattern.compile("/organizations/([^/]+)$");
    private static final int LAST_PORT = 65_535;

    public ServerUrl {
        Objects.requireNonNull(base, "base");
        Objects.requireNonNull(org, "org");
    }

    /** @throws IllegalArgumentException says what is wrong with the text */
    public static ServerUrl parse(String text) {
        URI uri;
        try {
            uri = new URI(text.strip().replaceAll("/+$", ""));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("is no URL: " + text);
        }
        if (uri.getScheme() == null || !uri.getScheme().matches("(?i)https?")) {
            throw noServer(text);
        }
        ServerHost host = ServerHost.of(uri).orElseThrow(() -> noServer(text));
        if (host.port() == 0 || host.port() > LAST_PORT) {
            throw new IllegalArgumentException("must have a port from 1 to " + LAST_PORT + ", is " + text);
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("must have no query and no fragment, is " + text);
        }
        Matcher matcher = ORGANISATION.matcher(uri.getPath());
        if (!matcher.find()) {
            throw new IllegalArgumentException(
                    "must end in /organizations/ORG, ORG being the organisation's name, is " + text);
        }
        return new ServerUrl(
                URI.create(uri.getScheme() + "://" + host.authority() + uri.getRawPath()), matcher.group(1));
    }

    private static IllegalArgumentException noServer(String text) {
        return new IllegalArgumentException("must start with http://HOST or https://HOST, is " + text);
    }

    /** Whom to ask. */
    public ServerHost host() {
        return ServerHost.of(base).orElseThrow();
    }

    /** Whether it is reached by TLS. */
    public boolean isSecure() {
        return "https".equalsIgnoreCase(base.getScheme());
    }

    /** @param path below the organisation, percent-encoded, with a query or without */
    public URI chef(String path) {
        return URI.create(base + "/" + path);
    }

    /** @param path below the organisation's {@code pushy}, percent-encoded, with a query or without */
    public URI pushy(String path) {
        return chef("pushy/" + path);
    }

    @Override
    public String toString() {
        return base.toString();
    }
}
