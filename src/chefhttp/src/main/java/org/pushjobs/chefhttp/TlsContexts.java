package org.pushjobs.chefhttp;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** For clients of TLS that do not go by what the Java runtime trusts. */
public final class TlsContexts {
    private TlsContexts() {}

    /**
     * Believes servers whose certificates these authorities have issued, or that are these.
     *
     * @param certificatesPem one or more
     * @throws CertificateException when there is none in it, or it cannot be read
     */
    public static SSLContext believing(String certificatesPem) throws CertificateException {
        try {
            KeyStore anchors = KeyStore.getInstance("PKCS12");
            anchors.load(null, null);
            for (Certificate certificate : CertificateFactory.getInstance("X.509")
                    .generateCertificates(
                            new ByteArrayInputStream(certificatesPem.getBytes(StandardCharsets.US_ASCII)))) {
                anchors.setCertificateEntry("anchor-" + anchors.size(), certificate);
            }
            if (anchors.size() == 0) {
                throw new CertificateException("there is no certificate");
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(anchors);
            return context(factory.getTrustManagers());
        } catch (CertificateException e) {
            throw e;
        } catch (GeneralSecurityException | IOException e) {
            throw new CertificateException("the certificates cannot be used", e);
        }
    }

    /** Believes everybody, whatever their name: nothing is verified. */
    public static SSLContext believingEverybody() {
        try {
            return context(new TrustManager[] {new Everybody()});
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime lacks TLS", e);
        }
    }

    private static SSLContext context(TrustManager[] managers) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers, null);
        return context;
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
