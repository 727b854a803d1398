package org.pushjobs.workstation.remote;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.pushjobs.chefhttp.ServerHost;
import org.pushjobs.chefhttp.TlsContexts;
import org.pushjobs.chefhttp.TrustedCertificates;
import org.pushjobs.workstation.settings.TlsSettings;

/** Which certificates of servers are accepted. */
final class Trust {
    private Trust() {}

    /** The runtime's own context where nothing else is asked for. */
    static Optional<SSLContext> context(TlsSettings tls, ServerHost server) {
        return switch (tls.verification()) {
            case NONE -> Optional.of(TlsContexts.believingEverybody());
            case PEER -> {
                // knife, too, leaves out what is no certificate
                List<X509Certificate> found = TrustedCertificates.in(tls.trustedCertificates(), (place, cause) -> {});
                yield found.isEmpty() && !server.hasUnderscore()
                        ? Optional.empty()
                        : Optional.of(context(server.trust(found.isEmpty() ? javas() : new These(found))));
            }
        };
    }

    private static SSLContext context(TrustManager manager) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {manager}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime lacks TLS", e);
        }
    }

    private static X509ExtendedTrustManager javas() {
        try {
            return manager(Optional.empty());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("what this Java runtime trusts cannot be used", e);
        }
    }

    private static X509ExtendedTrustManager manager(Optional<KeyStore> anchors) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(anchors.orElse(null));
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager found) {
                return found;
            }
        }
        throw new GeneralSecurityException("no X.509 trust manager");
    }

    /** Trusts given certificates and, what takes longer to find out, everybody whom the Java runtime trusts. */
    private static final class These extends X509ExtendedTrustManager {
        private interface Check {
            void by(X509ExtendedTrustManager manager) throws CertificateException;
        }

        private final X509ExtendedTrustManager own;

        These(List<X509Certificate> certificates) {
            try {
                KeyStore anchors = KeyStore.getInstance("PKCS12");
                anchors.load(null, null);
                for (X509Certificate certificate : certificates) {
                    anchors.setCertificateEntry(Integer.toString(anchors.size()), certificate);
                }
                own = manager(Optional.of(anchors));
            } catch (GeneralSecurityException | IOException e) {
                throw new IllegalStateException("the trusted certificates cannot be used", e);
            }
        }

        private void check(Check check) throws CertificateException {
            try {
                check.by(own);
            } catch (CertificateException own) {
                try {
                    check.by(manager(Optional.empty()));
                } catch (GeneralSecurityException e) {
                    own.addSuppressed(e);
                    throw own;
                }
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            check(manager -> manager.checkServerTrusted(chain, type));
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            check(manager -> manager.checkServerTrusted(chain, type, socket));
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            check(manager -> manager.checkServerTrusted(chain, type, engine));
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            own.checkClientTrusted(chain, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            own.checkClientTrusted(chain, type, socket);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            own.checkClientTrusted(chain, type, engine);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return own.getAcceptedIssuers();
        }
    }
}
