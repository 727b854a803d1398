package org.pushjobs.chefhttp;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Believes whom given certificates vouch for, and everybody whom the Java runtime believes. The runtime's own certificates are
 * read only for servers that the given ones do not vouch for, each time anew: that takes a while, and they are many to keep.
 */
final class AddedTrust extends X509ExtendedTrustManager {
    private interface Check {
        void by(X509ExtendedTrustManager manager) throws CertificateException;
    }

    private final X509ExtendedTrustManager given;

    /** @param given believes whom the given certificates vouch for */
    AddedTrust(X509ExtendedTrustManager given) {
        this.given = given;
    }

    private void check(Check check) throws CertificateException {
        try {
            check.by(given);
        } catch (CertificateException refusal) {
            try {
                check.by(TlsContexts.managerOfJava());
            } catch (CertificateException another) {
                throw knowsTheIssuer(refusal) ? refusal : another;
            } catch (GeneralSecurityException e) {
                refusal.addSuppressed(e);
                throw refusal;
            }
        }
    }

    /** Only such a one can say what else is wrong with a certificate: its name, its time. */
    private static boolean knowsTheIssuer(CertificateException refusal) {
        return !(refusal.getCause() instanceof CertPathBuilderException);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(manager -> manager.checkServerTrusted(chain, type));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        check(manager -> manager.checkServerTrusted(chain, type, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        check(manager -> manager.checkServerTrusted(chain, type, engine));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        given.checkClientTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        given.checkClientTrusted(chain, type, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        given.checkClientTrusted(chain, type, engine);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return given.getAcceptedIssuers();
    }
}
