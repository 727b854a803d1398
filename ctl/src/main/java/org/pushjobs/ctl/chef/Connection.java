package org.pushjobs.ctl.chef;

import java.net.URI;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.pushjobs.chefhttp.HostLookup;
import org.pushjobs.chefhttp.Route;
import org.pushjobs.chefhttp.ServerHost;
import org.pushjobs.chefhttp.ServerHttp;
import org.pushjobs.chefhttp.TimeLimits;
import org.pushjobs.chefhttp.TlsContexts;
import org.pushjobs.config.TlsTrust;

/** How the server would be connected to another one: with its trust, and without a proxy. */
public final class Connection {
    private Connection() {}

    /**
     * Connects to nothing yet.
     *
     * @param uri that will be asked, or another of its host
     * @param trust whose certificates are good
     * @param limit of each request
     * @throws CertificateException when the certificates cannot be used
     */
    public static ServerHttp to(URI uri, TlsTrust trust, Duration limit) throws CertificateException {
        return new ServerHttp(
                new Route(
                        ServerHost.of(uri).orElseThrow(),
                        Optional.empty(),
                        "https".equalsIgnoreCase(uri.getScheme()) ? context(trust) : TlsContexts.believingNobody()),
                new TimeLimits(limit, limit),
                HostLookup.OF_THIS_MACHINE,
                InstantSource.system());
    }

    private static SSLContext context(TlsTrust trust) throws CertificateException {
        return switch (trust) {
            case TlsTrust.SystemAuthorities() -> {
                try {
                    yield SSLContext.getDefault();
                } catch (NoSuchAlgorithmException e) {
                    throw new CertificateException("what this Java runtime trusts cannot be used", e);
                }
            }
            case TlsTrust.Authorities(String pem) -> TlsContexts.believing(pem);
            case TlsTrust.Anyone() -> TlsContexts.believingEverybody();
        };
    }
}
