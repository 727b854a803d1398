package org.pushjobs.chefhttp;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Whom clients of TLS believe. */
public final class TlsContexts {
    private TlsContexts() {}

    /**
     * Believes servers whose certificates these authorities have issued, or that are these.
     *
     * @param certificatesPem one or more
     * @throws CertificateException when there is none in it, or it cannot be read
     */
    public static SSLContext believing(String certificatesPem) throws CertificateException {
        Collection<? extends Certificate> certificates = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(certificatesPem.getBytes(StandardCharsets.US_ASCII)));
        if (certificates.isEmpty()) {
            throw new CertificateException("there is no certificate");
        }
        try {
            return context(managerOf(certificates));
        } catch (GeneralSecurityException e) {
            throw new CertificateException("the certificates cannot be used", e);
        }
    }

    /**
     * Believes whom the settings say. The certificates are read now, which blocks.
     *
     * @param server that will be asked
     * @param unreadable told of each file that holds no certificate, and of each place that cannot be read, with the reason
     * @throws GeneralSecurityException when what this Java runtime trusts cannot be used
     */
    public static SSLContext believing(TlsSettings settings, ServerHost server, BiConsumer<Path, String> unreadable)
            throws GeneralSecurityException {
        return switch (settings.verification()) {
            case NONE -> believingEverybody();
            case PEER -> {
                List<X509Certificate> given = TrustedCertificates.in(settings.trustedPlaces(), unreadable);
                yield context(server.trust(given.isEmpty() ? managerOfJava() : new AddedTrust(managerOf(given))));
            }
        };
    }

    /** Believes everybody, whatever their name: nothing is verified. */
    public static SSLContext believingEverybody() {
        return contextOf(new Everybody());
    }

    /** For clients that use no TLS: Java's default would read all the certificates that it trusts, and keep them. */
    public static SSLContext believingNobody() {
        return contextOf();
    }

    private static SSLContext contextOf(TrustManager... managers) {
        try {
            return context(managers);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime lacks TLS", e);
        }
    }

    private static SSLContext context(TrustManager... managers) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers, null);
        return context;
    }

    /** Believes whom the Java runtime believes, by what its trust store is now. */
    static X509ExtendedTrustManager managerOfJava() throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        return managerOf(factory);
    }

    private static X509ExtendedTrustManager managerOf(Collection<? extends Certificate> certificates)
            throws GeneralSecurityException {
        KeyStore anchors = KeyStore.getInstance("PKCS12");
        try {
            anchors.load(null, null);
        } catch (IOException e) {
            throw new IllegalStateException("nothing was to be read", e);
        }
        for (Certificate certificate : certificates) {
            anchors.setCertificateEntry("anchor-" + anchors.size(), certificate);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(anchors);
        return managerOf(factory);
    }

    private static X509ExtendedTrustManager managerOf(TrustManagerFactory factory) throws GeneralSecurityException {
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager found) {
                return found;
            }
        }
        throw new GeneralSecurityException("no X.509 trust manager");
    }

    /** An extended one, so that Java does not check the name either. */
    private static final class Everybody extends X509ExtendedTrustManager {
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
