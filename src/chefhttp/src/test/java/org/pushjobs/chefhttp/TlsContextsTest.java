package org.pushjobs.chefhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.OutputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.chefhttp.TlsSettings.Verification;

/** Whom clients believe, by real connections. */
class TlsContextsTest {
    private static final String HERE = "127.0.0.1";
    private static final String PASSWORD = "changeit";

    @TempDir
    private Path trusted;

    private final Set<Path> unreadable = new HashSet<>();

    /** A server's or authority's key with its certificate. */
    private record Identity(KeyPair keys, X509Certificate certificate) {
        static Identity of(String address) throws Exception {
            return of(address, Duration.ofDays(1), Optional.empty());
        }

        /** @param issuer none for a certificate that it has made itself */
        static Identity of(String address, Duration validFor, Optional<Identity> issuer) throws Exception {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            KeyPair keys = generator.generateKeyPair();
            X500Name subject = new X500Name("CN=" + UUID.randomUUID());
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    issuer.map(Identity::name).orElse(subject),
                    BigInteger.ONE,
                    Date.from(Instant.now().minus(Duration.ofDays(2))),
                    Date.from(Instant.now().plus(validFor)),
                    subject,
                    keys.getPublic());
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(new GeneralName(GeneralName.iPAddress, address)));
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            return new Identity(
                    keys,
                    new JcaX509CertificateConverter()
                            .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withRSA")
                                    .build(issuer.map(Identity::keys)
                                            .orElse(keys)
                                            .getPrivate()))));
        }

        private X500Name name() {
            return new X500Name(certificate.getSubjectX500Principal().getName());
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

    private SSLContext believing(Verification verification) throws Exception {
        return TlsContexts.believing(
                new TlsSettings(verification, trusted, List.of()),
                new ServerHost(HERE, -1),
                (place, cause) -> unreadable.add(place));
    }

    private SSLContext believing(Identity server) throws Exception {
        Files.writeString(trusted.resolve("server.crt"), server.pem());
        return believing(Verification.PEER);
    }

    @Test
    void serversOfTheDirectoryAreBelievedAndWhatCannotBeReadIsTold() throws Exception {
        Identity server = Identity.of(HERE);
        Path broken = Files.writeString(trusted.resolve("broken.pem"), "nonsense");

        assertThat(statusOf(server, believing(server))).isEqualTo(204);
        assertThatThrownBy(() -> statusOf(Identity.of(HERE), believing(server)))
                .hasStackTraceContaining("unable to find valid certification path");
        assertThat(unreadable).containsOnly(broken);
    }

    @Test
    void whoIsNotVerifiedIsBelieved() throws Exception {
        assertThat(statusOf(
                        Identity.of("192.0.2.1", Duration.ofDays(-1), Optional.empty()), believing(Verification.NONE)))
                .isEqualTo(204);
        assertThatThrownBy(() -> statusOf(Identity.of(HERE), believing(Verification.PEER)))
                .isInstanceOf(SSLHandshakeException.class);
        assertThatThrownBy(() -> statusOf(Identity.of(HERE), TlsContexts.believingNobody()))
                .isInstanceOf(SSLHandshakeException.class);
    }

    @Test
    void trustedCertificateIsRefusedForWhatIsWrongWithIt() throws Exception {
        Identity authority = Identity.of("192.0.2.2");
        Identity expired = Identity.of(HERE, Duration.ofDays(-1), Optional.of(authority));
        Identity elsewhere = Identity.of("192.0.2.1");

        assertThatThrownBy(() -> statusOf(expired, believing(authority))).hasStackTraceContaining("NotAfter");
        assertThatThrownBy(() -> statusOf(elsewhere, believing(elsewhere)))
                .hasStackTraceContaining("matching IP address " + HERE);
    }

    @Test
    void whomJavaBelievesIsBelievedBesides() throws Exception {
        Identity server = Identity.of(HERE);
        Identity elsewhere = Identity.of("192.0.2.1");
        Path store = trusted.resolve("store.p12");
        KeyStore certificates = KeyStore.getInstance("PKCS12");
        certificates.load(null, null);
        certificates.setCertificateEntry("server", server.certificate());
        certificates.setCertificateEntry("elsewhere", elsewhere.certificate());
        try (OutputStream file = Files.newOutputStream(store)) {
            certificates.store(file, PASSWORD.toCharArray());
        }
        System.setProperty("javax.net.ssl.trustStore", store.toString());
        System.setProperty("javax.net.ssl.trustStorePassword", PASSWORD);
        try {
            SSLContext client = believing(Identity.of(HERE));

            assertThat(statusOf(server, client)).isEqualTo(204);
            assertThatThrownBy(() -> statusOf(elsewhere, client))
                    .as("Java knows who has issued it, so it says what is wrong")
                    .hasStackTraceContaining("matching IP address " + HERE);
        } finally {
            System.clearProperty("javax.net.ssl.trustStore");
            System.clearProperty("javax.net.ssl.trustStorePassword");
        }
    }
}
