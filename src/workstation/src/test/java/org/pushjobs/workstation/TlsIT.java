package org.pushjobs.workstation;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.workstation.Workstation.Result;

/** HTTPS with certificates that only this workstation trusts, and proxies. */
class TlsIT {
    /** Known to the proxy only: it leads all names to this machine. */
    private static final String BEHIND_PROXY = "chef.example.com";

    private static final String WITH_UNDERSCORE = "push_server.test";
    private static final String ANOTHER_WITH_UNDERSCORE = "other_server.test";

    @TempDir
    private Path home;

    private Workstation workstation;
    private final List<String> hosts = new CopyOnWriteArrayList<>();
    private HttpsServer server;
    private X509Certificate certificate;

    @BeforeEach
    void startServer() throws Exception {
        workstation = new Workstation(home);
        KeyPair keys = PemKeys.generate();
        X500Name name = new X500Name("CN=localhost");
        certificate = new JcaX509CertificateConverter()
                .getCertificate(new JcaX509v3CertificateBuilder(
                                name,
                                BigInteger.ONE,
                                Date.from(Instant.now().minus(Duration.ofDays(1))),
                                Date.from(Instant.now().plus(Duration.ofDays(1))),
                                name,
                                keys.getPublic())
                        .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName[] {
                            new GeneralName(GeneralName.dNSName, "localhost"),
                            new GeneralName(GeneralName.dNSName, BEHIND_PROXY),
                            new GeneralName(GeneralName.dNSName, WITH_UNDERSCORE)
                        }))
                        .build(new JcaContentSignerBuilder("SHA256withRSA").build(keys.getPrivate())));
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context(keys)));
        server.createContext("/", exchange -> {
            byte[] body = "[]".getBytes(StandardCharsets.UTF_8);
            hosts.add(exchange.getRequestHeaders().getFirst("Host"));
            boolean leaked = exchange.getRequestHeaders().containsKey("Proxy-Authorization");
            exchange.sendResponseHeaders(leaked ? 500 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        workstation.environment().put("PUSHJOBS_SERVER_URL", url("localhost"));
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
        workstation.close();
    }

    private SSLContext context(KeyPair keys) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("server", keys.getPrivate(), new char[0], new Certificate[] {certificate});
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private String url(String host) {
        return "https://" + host + ":" + server.getAddress().getPort() + "/organizations/acme";
    }

    private void trust(String directory) throws IOException, CertificateEncodingException {
        Path certificates = Files.createDirectories(home.resolve(directory));
        Files.writeString(certificates.resolve("notes.txt"), "no certificate");
        Files.writeString(certificates.resolve("broken.crt"), "no certificate either");
        Files.writeString(
                certificates.resolve("chef_example_com.crt"),
                "-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
    }

    private void credentials(String settings) throws IOException {
        Files.createDirectories(home.resolve(".chef"));
        Files.writeString(home.resolve(".chef/credentials"), "[default]\n" + settings + "\n");
    }

    @Test
    void certificateThatNobodyTrustsIsRefused() {
        // when
        Result result = workstation.run("job", "list");

        // then
        assertThat(result.err())
                .startsWith("ERROR: cannot reach https://localhost")
                .contains("check that its certificate is trusted here");
        assertThat(result.exitCode()).isEqualTo(5);
    }

    @Test
    void certificateInKnifesDirectoryIsTrusted() throws Exception {
        // given
        trust(".chef/trusted_certs");

        // when
        Result result = workstation.run("job", "list");

        // then
        assertThat(result.exitCode()).as(result.err()).isZero();
    }

    @Test
    void certificateInTheDirectoryOfTheSettingsIsTrusted() throws Exception {
        // given
        trust(".chef/certs of ours");
        credentials("trusted_certs_dir = 'certs of ours'");

        // when
        Result result = workstation.run("job", "list");

        // then
        assertThat(result.exitCode()).as(result.err()).isZero();
    }

    @Test
    void trustedCertificateOfAnotherHostIsRefused() throws Exception {
        // given
        trust(".chef/trusted_certs");
        workstation.environment().put("PUSHJOBS_SERVER_URL", url("127.0.0.1"));

        // when
        Result result = workstation.run("job", "list");

        // then
        assertThat(result.err()).contains("check that its certificate is trusted here");
        assertThat(result.exitCode()).isEqualTo(5);
    }

    /** As a program of its own, in which the names with underscores lead to this machine. */
    private Program.Result listJobs(String serverUrl) throws Exception {
        Path names = Files.writeString(
                home.resolve("hosts"),
                "127.0.0.1 " + WITH_UNDERSCORE + "\n127.0.0.1 " + ANOTHER_WITH_UNDERSCORE + "\n");
        Map<String, String> environment = new HashMap<>(workstation.environment());
        environment.put("HOME", home.toString());
        environment.put("PUSHJOBS_SERVER_URL", serverUrl);
        environment.put("JDK_JAVA_OPTIONS", "-Djdk.net.hosts.file=" + names);
        return new Program(home, environment).run("pushjobs job list");
    }

    @Test
    void serverWithUnderscoreInItsNameMustHaveACertificateForIt() throws Exception {
        // given
        trust(".chef/trusted_certs");

        // when
        Program.Result right = listJobs(url(WITH_UNDERSCORE));
        Program.Result wrong = listJobs(url(ANOTHER_WITH_UNDERSCORE));

        // then
        assertThat(right.exitCode()).as(right.output()).isZero();
        assertThat(wrong.output())
                .contains("No subject alternative DNS name matching " + ANOTHER_WITH_UNDERSCORE)
                .contains("check that its certificate is trusted here");
        assertThat(wrong.exitCode()).isEqualTo(5);
        assertThat(hosts)
                .containsExactly(WITH_UNDERSCORE + ":" + server.getAddress().getPort());
    }

    @Test
    void serverWithUnderscoreInItsNameMustBeTrustedUnlessNobodyIsVerified() throws Exception {
        // when
        Program.Result stranger = listJobs(url(WITH_UNDERSCORE));
        credentials("ssl_verify_mode = 'verify_none'");
        Program.Result anybody = listJobs(url(ANOTHER_WITH_UNDERSCORE));

        // then
        assertThat(stranger.output()).contains("unable to find valid certification path");
        assertThat(stranger.exitCode()).isEqualTo(5);
        assertThat(anybody.exitCode()).as(anybody.output()).isZero();
    }

    @Test
    void plainServerWithUnderscoreInItsNameIsToldTheName() throws Exception {
        // given
        workstation.server().answer("GET jobs", 200, "[]");
        String url = workstation.server().url().replace("localhost", WITH_UNDERSCORE);

        // when
        Program.Result known = listJobs(url);
        Program.Result unknown = listJobs(url.replace(WITH_UNDERSCORE, "no_such_host"));

        // then
        assertThat(known.exitCode()).as(known.output()).isZero();
        assertThat(workstation.server().received())
                .extracting(request -> request.headers().get("host"))
                .isNotEmpty()
                .containsOnly(URI.create(url).getRawAuthority());
        assertThat(unknown.output()).contains("cannot reach http://no_such_host", "no such host");
        assertThat(unknown.exitCode()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource({"localhost, :verify_none", "127.0.0.1, verify_none"})
    void verifyNoneTakesWhoeverAnswers(String host, String mode) throws Exception {
        // given
        credentials("ssl_verify_mode = '" + mode + "'");
        workstation.environment().put("PUSHJOBS_SERVER_URL", url(host));

        // when
        Result result = workstation.run("job", "list");

        // then
        assertThat(result.exitCode()).as(result.err()).isZero();
    }

    @Test
    void proxyIsAskedForATunnelWithNameAndPasswordThatTheServerDoesNotSee() throws Exception {
        // given
        trust(".chef/trusted_certs");
        try (TunnelProxy proxy = new TunnelProxy("anna:geheim")) {
            workstation.environment().put("PUSHJOBS_SERVER_URL", url(BEHIND_PROXY));
            workstation.environment().put("https_proxy", "http://anna:geheim@127.0.0.1:" + proxy.port());

            // when
            Result result = workstation.run("job", "list");

            // then
            assertThat(result.exitCode()).as(result.err()).isZero();
            assertThat(proxy.targets())
                    .containsExactly(BEHIND_PROXY + ":" + server.getAddress().getPort());
        }
    }

    /** Which gets ready for requests on a thread of its own. */
    @Test
    void programAsksTheProxyWithNameAndPasswordToo() throws Exception {
        // given
        trust(".chef/trusted_certs");
        try (TunnelProxy proxy = new TunnelProxy("anna:geheim")) {
            Map<String, String> environment = new HashMap<>(workstation.environment());
            environment.put("HOME", home.toString());
            environment.put("PUSHJOBS_SERVER_URL", url(BEHIND_PROXY));
            environment.put("https_proxy", "http://anna:geheim@127.0.0.1:" + proxy.port());

            // when
            Program.Result result = new Program(home, environment).run("pushjobs job list");

            // then
            assertThat(result.exitCode()).as(result.output()).isZero();
        }
    }

    @Test
    void proxyThatWantsAnotherPasswordIsReportedWithoutIt() throws Exception {
        // given
        trust(".chef/trusted_certs");
        try (TunnelProxy proxy = new TunnelProxy("anna:geheim")) {
            workstation.environment().put("PUSHJOBS_SERVER_URL", url(BEHIND_PROXY));
            workstation.environment().put("https_proxy", "http://anna:falsch@127.0.0.1:" + proxy.port());

            // when
            Result result = workstation.run("job", "list");

            // then
            assertThat(result.err())
                    .contains("407", "The proxy wants a name and a password")
                    .doesNotContain("falsch");
            assertThat(result.exitCode()).isEqualTo(4);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ssl_ca_file = 'certs/chef_example_com.crt'", "ssl_ca_path = 'certs'"})
    void certificateOfTheAuthoritiesIsTrusted(String setting) throws Exception {
        // given
        trust(".chef/certs");
        credentials(setting);

        // when
        Result result = workstation.run("job", "list");

        // then
        assertThat(result.exitCode()).as(result.err()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"SSL_CERT_FILE, certs/chef_example_com.crt", "SSL_CERT_DIR, certs"})
    void certificateThatOpenSslsVariablesNameIsTrusted(String variable, String place) throws Exception {
        // given
        trust("certs");
        workstation.environment().put(variable, home.resolve(place).toString());

        // when
        Result result = workstation.run("job", "list");

        // then
        assertThat(result.exitCode()).as(result.err()).isZero();
    }

    @Test
    void proxyThatDoesNotAnswerIsNamedAsTheProxy() throws Exception {
        // given
        int port;
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = gone.getLocalPort();
        }
        workstation.environment().put("PUSHJOBS_SERVER_URL", "http://chef.example.com/organizations/acme");
        workstation.environment().put("http_proxy", "http://anna:geheim@127.0.0.1:" + port);

        // when
        Result result = workstation.run("job", "list");

        // then
        assertThat(result.err())
                .isEqualTo("ERROR: cannot reach the proxy 127.0.0.1:" + port
                        + ": nobody listens there; check the proxy (from http_proxy), or name chef.example.com in"
                        + " no_proxy\n");
        assertThat(result.exitCode()).isEqualTo(5);
    }

    @Test
    void thisMachineIsAskedWithoutProxy() throws Exception {
        // given
        trust(".chef/trusted_certs");
        workstation.environment().put("https_proxy", "http://127.0.0.1:1");

        // when
        Result result = workstation.run("job", "list");

        // then
        assertThat(result.exitCode()).as(result.err()).isZero();
    }

    @Test
    void hostOfNoProxyIsAskedDirectly() throws Exception {
        // given
        trust(".chef/trusted_certs");
        try (TunnelProxy proxy = new TunnelProxy("anna:geheim")) {
            workstation.environment().put("https_proxy", "http://127.0.0.1:" + proxy.port());
            workstation.environment().put("no_proxy", "example.com,localhost");

            // when
            Result result = workstation.run("job", "list");

            // then
            assertThat(result.exitCode()).as(result.err()).isZero();
            assertThat(proxy.targets()).isEmpty();
        }
    }
}
