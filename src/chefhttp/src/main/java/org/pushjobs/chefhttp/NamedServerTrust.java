package org.pushjobs.chefhttp;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Believes a server whose chain another one believes and whose certificate is for one name. Java's own check of the name
 * would compare the IP address that the server is asked by, and knows no names with a {@code _}.
 */
final class NamedServerTrust extends X509ExtendedTrustManager {
    /** Of a subject's alternative names (RFC 5280, section 4.2.1.6). */
    private static final Integer DNS_NAME = 2;

    private final String name;
    private final X509ExtendedTrustManager chains;

    NamedServerTrust(String name, X509ExtendedTrustManager chains) {
        this.name = withoutLastDot(name);
        this.chains = chains;
    }

    private static String withoutLastDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        chains.checkServerTrusted(chain, type);
        Collection<List<?>> names =
                Optional.ofNullable(chain[0].getSubjectAlternativeNames()).orElse(List.of());
        if (names.stream()
                .filter(entry -> DNS_NAME.equals(entry.getFirst()))
                .noneMatch(entry -> covers((String) entry.get(1)))) {
            throw new CertificateException("No subject alternative DNS name matching " + name + " found.");
        }
    }

    /** RFC 6125, section 6.4: the whole name, or {@code *} for its first label where a domain of two labels follows. */
    private boolean covers(String pattern) {
        if (!pattern.startsWith("*.")) {
            return pattern.equalsIgnoreCase(name);
        }
        String domain = pattern.substring(1);
        int dot = name.indexOf('.');
        return domain.indexOf('.', 1) > 0 && dot > 0 && domain.equalsIgnoreCase(name.substring(dot));
    }

    // With a connection at hand the other one would check the name, too.

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        checkServerTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        checkServerTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        chains.checkClientTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        chains.checkClientTrusted(chain, type, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        chains.checkClientTrusted(chain, type, engine);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return chains.getAcceptedIssuers();
    }
}
