package org.pushjobs.workstation.settings;

import java.util.Objects;
import java.util.Optional;
import org.pushjobs.chefhttp.DirectHosts;
import org.pushjobs.chefhttp.ProxyAddress;
import org.pushjobs.chefhttp.ProxySettings;
import org.pushjobs.chefhttp.ServerUrl;

/**
 * The HTTP proxy on the way to a server.
 *
 * @param origin where it comes from, for people
 */
public record GivenProxy(ProxyAddress address, String origin) {
    public GivenProxy {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(origin, "origin");
    }

    /** Which proxy, if any, the settings want for the server. One for servers of the other scheme may be anything. */
    static Optional<GivenProxy> of(SettingsLayer sources, ServerUrl server) throws InvalidSettingsException {
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
        ProxyAddress parsed = parse(proxy.get());
        ProxyAddress known =
                user.map(name -> parsed.withCredentials(name, password)).orElse(parsed);
        String noProxy = sources.get(Setting.NO_PROXY).map(Given::value).orElse("");
        return ProxySettings.through(known, DirectHosts.list(noProxy))
                .proxyFor(server.base())
                .map(address -> new GivenProxy(address, proxy.get().origin()));
    }

    private static ProxyAddress parse(Given given) throws InvalidSettingsException {
        try {
            return ProxyAddress.parse(given.value());
        } catch (IllegalArgumentException e) {
            // Does not repeat the value, which may hold a password.
            throw new InvalidSettingsException("the proxy from " + given.origin() + " must look like http://HOST:PORT");
        }
    }
}
