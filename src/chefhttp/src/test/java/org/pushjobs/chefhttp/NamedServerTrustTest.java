package org.pushjobs.chefhttp;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.net.Socket;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamedServerTrustTest {
    private static final KeyPair KEYS = keys();

    private static KeyPair keys() {
        try {
            return KeyPairGenerator.getInstance("RSA").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** Every chain is believed, or none; the name and the connection are not looked at. */
    private static X509ExtendedTrustManager chains(boolean believed) {
        return new X509ExtendedTrustManager() {
            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
                if (!believed) {
                    throw new CertificateException("not believed");
                }
            }

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                    throws CertificateException {
                throw new CertificateException("the IP address is no name of the certificate");
            }

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                    throws CertificateException {
                throw new CertificateException("the IP address is no name of the certificate");
            }

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
        };
    }

    private static X509Certificate[] certified(String commonName, GeneralName... names) throws Exception {
        X500Name subject = new X500Name("CN=" + commonName);
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                subject,
                BigInteger.ONE,
                Date.from(Instant.EPOCH),
                Date.from(Instant.EPOCH.plus(Duration.ofDays(1))),
                subject,
                KEYS.getPublic());
        if (names.length > 0) {
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
        }
        return new X509Certificate[] {
            new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(KEYS.getPrivate())))
        };
    }

    private static X509Certificate[] chain(String... names) throws Exception {
        GeneralName[] all = new GeneralName[names.length];
        for (int i = 0; i < names.length; i++) {
            all[i] = new GeneralName(GeneralName.dNSName, names[i]);
        }
        return certified("any", all);
    }

    @ParameterizedTest
    @CsvSource({
        "push_server.example.com,   push_server.example.com",
        "push_server.example.com.,  PUSH_Server.Example.com",
        "push_server,               push_server",
        "push_server.example.com,   *.example.com",
        "a.push_server.example.com, *.push_server.example.com"
    })
    void certificateForTheNameIsBelieved(String host, String certificate) throws Exception {
        X509ExtendedTrustManager trust = new ServerHost(host, -1).trust(chains(true));
        X509Certificate[] chain = chain("first.example.com", certificate);

        assertThatCode(() -> trust.checkServerTrusted(chain, "RSA")).doesNotThrowAnyException();
        assertThatCode(() -> trust.checkServerTrusted(chain, "RSA", (Socket) null))
                .doesNotThrowAnyException();
        assertThatCode(() -> trust.checkServerTrusted(chain, "RSA", (SSLEngine) null))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "push_server.example.com,   other_server.example.com",
        "push_server.example.com,   example.com",
        "push_server.example.com,   push-server.example.com",
        "a.push_server.example.com, *.example.com",
        "push_server.example.com,   *.push_server.example.com",
        "push_server.example.com,   push_*.example.com",
        "push_server.example.com,   *",
        "push_server.example.com,   *.*.com",
        "push_server.test,          *.test",
        "push_server,               *"
    })
    void certificateForOtherNamesIsRefused(String host, String certificate) throws Exception {
        assertRefused(host, chain(certificate));
    }

    @Test
    void namesThatAreNoDnsNamesDoNotCount() throws Exception {
        assertRefused("push_server.example.com", certified("push_server.example.com"));
        assertRefused(
                "push_server.example.com",
                certified(
                        "push_server.example.com",
                        new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
                        new GeneralName(GeneralName.rfc822Name, "push_server.example.com")));
    }

    private static void assertRefused(String host, X509Certificate[] chain) {
        X509ExtendedTrustManager trust = new ServerHost(host, -1).trust(chains(true));

        assertThatThrownBy(() -> trust.checkServerTrusted(chain, "RSA"))
                .isInstanceOf(CertificateException.class)
                .hasMessage("No subject alternative DNS name matching " + host + " found.");
        assertThatThrownBy(() -> trust.checkServerTrusted(chain, "RSA", (SSLEngine) null))
                .isInstanceOf(CertificateException.class);
    }

    @Test
    void chainThatIsNotBelievedIsRefusedWhateverTheName() throws Exception {
        X509Certificate[] chain = chain("push_server.test");

        assertThatThrownBy(() -> new ServerHost("push_server.test", -1)
                        .trust(chains(false))
                        .checkServerTrusted(chain, "RSA", (SSLEngine) null))
                .hasMessage("not believed");
    }
}
