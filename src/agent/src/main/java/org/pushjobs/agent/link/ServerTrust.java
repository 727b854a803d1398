package org.pushjobs.agent.link;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.pushjobs.agent.settings.TlsSettings;
import org.pushjobs.chefhttp.ServerHost;
import org.pushjobs.chefhttp.TlsContexts;
import org.pushjobs.chefhttp.TrustedCertificates;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which certificates of the server are believed: those that Java trusts, those in {@code trusted_certs_dir} and of further
 * authorities, or any when the settings say so. The files are read anew each time.
 */
final class ServerTrust {
    private static final Logger LOG = LoggerFactory.getLogger(ServerTrust.class);

    private ServerTrust() {}

    /** @throws ConfigFetchException when this Java runtime's own store cannot be used */
    static SSLContext context(TlsSettings settings, ServerHost server) throws ConfigFetchException {
        if (!settings.verifyServer()) {
            return TlsContexts.believingEverybody();
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    null,
                    named(
                            server,
                            trustManagers(
                                    TrustedCertificates.in(settings.trustedPlaces(), ServerTrust::tellOfUnreadable))),
                    new SecureRandom());
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new ConfigFetchException("trusted certificates cannot be set up: " + e);
        }
    }

    /** For clients that need none: Java's default would keep all the certificates that it trusts in memory. */
    static SSLContext inNobody() throws ConfigFetchException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[0], new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new ConfigFetchException("this Java runtime lacks TLS: " + e);
        }
    }

    private static TrustManager[] trustManagers(List<X509Certificate> extra)
            throws GeneralSecurityException, IOException {
        TrustManagerFactory javas = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        javas.init((KeyStore) null);
        if (extra.isEmpty()) {
            return javas.getTrustManagers();
        }
        KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
        all.load(null, null);
        for (TrustManager manager : javas.getTrustManagers()) {
            if (manager instanceof X509TrustManager certificates) {
                add(List.of(certificates.getAcceptedIssuers()), all);
            }
        }
        add(extra, all);
        TrustManagerFactory both = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        both.init(all);
        return both.getTrustManagers();
    }

    private static TrustManager[] named(ServerHost server, TrustManager[] usual) {
        return Arrays.stream(usual)
                .map(manager -> manager instanceof X509ExtendedTrustManager chains ? server.trust(chains) : manager)
                .toArray(TrustManager[]::new);
    }

    private static void add(Collection<? extends Certificate> certificates, KeyStore store)
            throws GeneralSecurityException {
        for (Certificate certificate : certificates) {
            store.setCertificateEntry("trusted-" + store.size(), certificate);
        }
    }

    private static void tellOfUnreadable(Path place, String cause) {
        LOG.warn("trusted certificates cannot be read [place: {}, cause: {}]", place, cause);
    }
}
