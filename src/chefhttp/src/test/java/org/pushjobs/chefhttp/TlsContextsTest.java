package org.pushjobs.chefhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;

/** Whom clients believe, by real connections. */
class TlsContextsTest {
    private static final String HERE = "127.0.0.1";

    /** A server's key with a certificate that it has made itself. */
    private record Identity(KeyPair keys, X509Certificate certificate) {
        static Identity of(String address) throws Exception {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            KeyPair keys = generator.generateKeyPair();
            X500Name subject = new X500Name("CN=test");
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    subject,
                    BigInteger.ONE,
                    Date.from(Instant.now().minus(Duration.ofDays(1))),
                    Date.from(Instant.now().plus(Duration.ofDays(1))),
                    subject,
                    keys.getPublic());
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(new GeneralName(GeneralName.iPAddress, address)));
            return new Identity(
                    keys,
                    new JcaX509CertificateConverter()
                            .getCertificate(builder.build(
                                    new JcaContentSignerBuilder("SHA256withRSA").build(keys.getPrivate()))));
        }

        String pem() throws Exception {
            return "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        }

        SSLContext ofServer() throws Exception {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("server", keys.getPrivate(), new char[0], new Certificate[] {certificate});
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(factory.getKeyManagers(), null, null);
            return context;
        }
    }

    private static int statusOf(Identity server, SSLContext client) throws Exception {
        HttpsServer https = HttpsServer.create(new InetSocketAddress(InetAddress.ofLiteral(HERE), 0), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(server.ofServer()));
        https.createContext("/", exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        https.start();
        try (HttpClient http = HttpClient.newBuilder().sslContext(client).build()) {
            URI uri = URI.create("https://" + HERE + ":" + https.getAddress().getPort() + "/");
            return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
                    .statusCode();
        } finally {
            https.stop(0);
        }
    }

    @Test
    void serversOfTheGivenCertificatesAreBelieved() throws Exception {
        Identity server = Identity.of(HERE);
        String both = Identity.of(HERE).pem() + server.pem();

        assertThat(statusOf(server, TlsContexts.believing(both))).isEqualTo(204);
    }

    @Test
    void othersAreNot() throws Exception {
        SSLContext client = TlsContexts.believing(Identity.of(HERE).pem());
        Identity elsewhere = Identity.of("192.0.2.1");

        assertThatThrownBy(() -> statusOf(Identity.of(HERE), client)).isInstanceOf(SSLHandshakeException.class);
        assertThatThrownBy(() -> statusOf(elsewhere, TlsContexts.believing(elsewhere.pem())))
                .as("the certificate is for another address")
                .isInstanceOf(SSLHandshakeException.class);
    }

    @Test
    void everybodyIsBelievedOnDemand() throws Exception {
        assertThat(statusOf(Identity.of("192.0.2.1"), TlsContexts.believingEverybody()))
                .isEqualTo(204);
    }

    @Test
    void whatHasNoCertificateIsRefused() {
        assertThatThrownBy(() -> TlsContexts.believing("")).isInstanceOf(CertificateException.class);
        assertThatThrownBy(() -> TlsContexts.believing("-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n"))
                .isInstanceOf(CertificateException.class);
    }
}
