package org.pushjobs.agent.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pushjobs.chefhttp.ServerHost;

/**
 * Where an organisation is served: {@code http(s)://HOST[:PORT][/PREFIX]/organizations/ORG}.
 *
 * @param base without a trailing slash
 * @param org the organisation's name
 */
public record ServerUrl(URI base, String org) {
    private static final Pattern ORGANISATION = Pattern.compile("/organizations/([^/]+)$");

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
        if (uri.getScheme() == null
                || !uri.getScheme().matches("(?i)https?")
                || ServerHost.of(uri).isEmpty()) {
            throw new IllegalArgumentException("must start with http://HOST or https://HOST, is " + text);
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("must have no query and no fragment, is " + text);
        }
        Matcher matcher = ORGANISATION.matcher(uri.getPath());
        if (!matcher.find()) {
            throw new IllegalArgumentException(
                    "must end in /organizations/ORG, ORG being the organisation's name, is " + text);
        }
        return new ServerUrl(uri, matcher.group(1));
    }

    /** The address of a node's configuration document, for a CURVE public key in its Z85 form. */
    public URI configUri(String node, String curvePublicKey) {
        return URI.create(base + "/pushy/config/" + segment(node) + "?ccpk="
                + URLEncoder.encode(curvePublicKey, StandardCharsets.UTF_8) + "&version=2.0");
    }

    /** Whom to ask. */
    public ServerHost host() {
        return ServerHost.of(base).orElseThrow();
    }

    private static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public String toString() {
        return base.toString();
    }
}
