package org.pushjobs.agent.settings;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which proxy a request goes through.
 *
 * @param http for {@code http://} addresses
 * @param https for {@code https://} addresses
 * @param noProxy hosts that are asked directly: {@code host}, {@code host:port}, {@code .domain}, {@code *.domain},
 *     {@code *}; a name stands for the names that end in it, too. This machine itself is always asked directly.
 */
public record ProxySettings(Optional<ProxyAddress> http, Optional<ProxyAddress> https, List<String> noProxy) {
    /** No proxy at all. */
    public static final ProxySettings NONE = new ProxySettings(Optional.empty(), Optional.empty(), List.of());

    private static final Pattern THIS_MACHINE =
            Pattern.compile("localhost|127(\\.[0-9]+){3}|\\[?(0*:)*0*1\\]?", Pattern.CASE_INSENSITIVE);

    public ProxySettings {
        Objects.requireNonNull(http, "http");
        Objects.requireNonNull(https, "https");
        noProxy = List.copyOf(noProxy);
    }

    /** The members of a text like {@code localhost, .example.com}. */
    static List<String> list(String text) {
        return Arrays.stream(text.split("[,\\s]+"))
                .filter(entry -> !entry.isEmpty())
                .toList();
    }

    /** The proxy for an address; empty when it is asked directly. */
    public Optional<ProxyAddress> proxyFor(URI address) {
        boolean encrypted = "https".equalsIgnoreCase(address.getScheme());
        int port = address.getPort() >= 0 ? address.getPort() : encrypted ? 443 : 80;
        return isDirect(address.getHost().toLowerCase(Locale.ROOT), port) ? Optional.empty() : encrypted ? https : http;
    }

    private boolean isDirect(String host, int port) {
        return THIS_MACHINE.matcher(host).matches()
                || noProxy.stream().anyMatch(entry -> covers(entry.toLowerCase(Locale.ROOT), host, port));
    }

    private static boolean covers(String entry, String host, int port) {
        int colon = entry.lastIndexOf(':');
        if (colon >= 0 && entry.indexOf(':') == colon) {
            return entry.substring(colon + 1).equals("" + port) && covers(entry.substring(0, colon), host, port);
        }
        String domain = entry.replaceFirst("^\\*?\\.", "");
        if (domain.indexOf('*') >= 0) {
            return host.matches("(.*\\.)?\\Q" + domain.replace("*", "\\E.*\\Q") + "\\E");
        }
        return host.equals(domain) || host.endsWith("." + domain);
    }
}
