package org.pushjobs.workstation.settings;

import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * The HTTP proxy on the way to a server.
 *
 * @param credentials {@code USER:PASSWORD}
 */
public record ProxySettings(String host, int port, Optional<String> credentials) {
    private static final int DEFAULT_PORT = 80;

    public ProxySettings {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(credentials, "credentials");
    }

    /** Which proxy, if any, the settings want for the server. */
    static Optional<ProxySettings> of(SettingsLayer sources, ServerUrl server) throws InvalidSettingsException {
        boolean https = server.isSecure();
        Optional<Given> proxy = sources.get(https ? Setting.HTTPS_PROXY : Setting.HTTP_PROXY)
                .filter(given -> !given.value().isBlank());
        if (proxy.isEmpty() || isExempt(sources, server.organization())) {
            return Optional.empty();
        }
        Optional<String> user = sources.get(https ? Setting.HTTPS_PROXY_USER : Setting.HTTP_PROXY_USER)
                .map(Given::value)
                .filter(name -> !name.isEmpty());
        String password = sources.get(https ? Setting.HTTPS_PROXY_PASS : Setting.HTTP_PROXY_PASS)
                .map(Given::value)
                .orElse("");
        return Optional.of(parse(proxy.get(), user.map(name -> name + ":" + password)));
    }

    private static ProxySettings parse(Given given, Optional<String> credentials) throws InvalidSettingsException {
        String text = given.value().strip();
        URI uri;
        try {
            uri = URI.create(text.contains("://") ? text : "http://" + text);
        } catch (IllegalArgumentException e) {
            throw notOne(given);
        }
        if (!"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null) {
            throw notOne(given);
        }
        return new ProxySettings(
                uri.getHost(),
                uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(),
                credentials.or(() -> Optional.ofNullable(uri.getUserInfo())));
    }

    /** Does not repeat the value, which may hold a password. */
    private static InvalidSettingsException notOne(Given given) {
        return new InvalidSettingsException("the proxy from " + given.origin() + " must look like http://HOST:PORT");
    }

    /** {@code *}, {@code example.com} and all below it, also written {@code .example.com} or {@code *.example.com}, each
     * with a port or without. */
    private static boolean isExempt(SettingsLayer sources, URI server) {
        String hosts = sources.get(Setting.NO_PROXY).map(Given::value).orElse("");
        return Arrays.stream(hosts.split("[,\\s]+"))
                .filter(pattern -> !pattern.isEmpty())
                .anyMatch(pattern -> matches(pattern.toLowerCase(Locale.ROOT), server));
    }

    private static boolean matches(String pattern, URI server) {
        String host = server.getHost().toLowerCase(Locale.ROOT);
        int colon = pattern.lastIndexOf(':');
        boolean hasPort = colon > 0
                && pattern.substring(colon + 1).chars().allMatch(Character::isDigit)
                && !pattern.endsWith(":");
        if (hasPort && !pattern.substring(colon + 1).equals(Integer.toString(port(server)))) {
            return false;
        }
        String name = (hasPort ? pattern.substring(0, colon) : pattern).replaceFirst("^\\*?\\.", "");
        return name.equals("*") || host.equals(name) || host.endsWith("." + name);
    }

    private static int port(URI server) {
        if (server.getPort() >= 0) {
            return server.getPort();
        }
        return "https".equalsIgnoreCase(server.getScheme()) ? 443 : 80;
    }

    /** Leaves out the credentials. */
    @Override
    public String toString() {
        return "ProxySettings[" + host + ":" + port + "]";
    }
}
