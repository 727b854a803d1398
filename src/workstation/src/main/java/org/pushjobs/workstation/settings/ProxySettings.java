package org.pushjobs.workstation.settings;

import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.chefhttp.DirectHosts;
import org.pushjobs.chefhttp.ProxyUrl;

/**
 * The HTTP proxy on the way to a server.
 *
 * @param credentials {@code USER:PASSWORD}
 * @param origin where it comes from, for people
 */
public record ProxySettings(String host, int port, Optional<String> credentials, String origin) {
    public ProxySettings {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(credentials, "credentials");
        Objects.requireNonNull(origin, "origin");
    }

    /** Which proxy, if any, the settings want for the server. */
    static Optional<ProxySettings> of(SettingsLayer sources, ServerUrl server) throws InvalidSettingsException {
        boolean https = server.isSecure();
        Optional<Given> proxy = sources.get(https ? Setting.HTTPS_PROXY : Setting.HTTP_PROXY)
                .filter(given -> !given.value().isBlank());
        if (proxy.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> user = sources.get(https ? Setting.HTTPS_PROXY_USER : Setting.HTTP_PROXY_USER)
                .map(Given::value)
                .filter(name -> !name.isEmpty());
        String password = sources.get(https ? Setting.HTTPS_PROXY_PASS : Setting.HTTP_PROXY_PASS)
                .map(Given::value)
                .orElse("");
        ProxySettings parsed = parse(proxy.get(), user.map(name -> name + ":" + password));
        return isExempt(sources, server.organization()) ? Optional.empty() : Optional.of(parsed);
    }

    private static ProxySettings parse(Given given, Optional<String> credentials) throws InvalidSettingsException {
        try {
            ProxyUrl url = ProxyUrl.parse(given.value());
            return new ProxySettings(url.host(), url.port(), credentials.or(url::credentials), given.origin());
        } catch (IllegalArgumentException e) {
            // Does not repeat the value, which may hold a password.
            throw new InvalidSettingsException("the proxy from " + given.origin() + " must look like http://HOST:PORT");
        }
    }

    private static boolean isExempt(SettingsLayer sources, URI server) {
        String hosts = sources.get(Setting.NO_PROXY).map(Given::value).orElse("");
        return new DirectHosts(DirectHosts.list(hosts)).cover(server);
    }

    /** Leaves out the credentials. */
    @Override
    public String toString() {
        return "ProxySettings[" + host + ":" + port + "]";
    }
}
