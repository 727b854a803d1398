package org.pushjobs.agent.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.agent.fake.FakeProxy;
import org.pushjobs.agent.fake.TestCertificates;
import org.pushjobs.agent.link.ConfigFetcher.WhileStarting;
import org.pushjobs.agent.settings.AgentSettings;
import org.pushjobs.agent.settings.LiveSettings;
import org.pushjobs.chefhttp.HostLookup;
import org.pushjobs.chefhttp.ProxyAddress;
import org.pushjobs.chefhttp.ProxySettings;
import org.pushjobs.chefhttp.ServerUrl;
import org.pushjobs.chefhttp.TlsSettings;
import org.pushjobs.chefhttp.TlsSettings.Verification;
import org.pushjobs.protocol.config.ConfigDocument;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.keys.SessionKeys;
import org.pushjobs.protocol.keys.Z85;
import org.pushjobs.protocol.signing.SessionKey;

/** Over TLS and through proxies, with certificates made for the test. */
class ConfigFetcherIT {
    private static final KeyPair KEYS = PemKeys.generate();
    private static final String CHEF = "chef.example.com";
    private static final String WITH_UNDERSCORE = "push_server.example.com";

    private final TestCertificates authority = new TestCertificates();

    @TempDir
    private Path trusted;

    private final List<String> hosts = new CopyOnWriteArrayList<>();
    private Optional<HttpServer> server = Optional.empty();

    @AfterEach
    void stop() {
        server.ifPresent(running -> running.stop(0));
    }

    private int startServer(String name, Duration validFor) throws IOException {
        HttpsServer https = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        https.setHttpsConfigurator(
                new HttpsConfigurator(authority.server(name, Instant.now().plus(validFor))));
        return start(https);
    }

    private int start(HttpServer http) {
        http.createContext("/", exchange -> {
            try (exchange) {
                hosts.add(exchange.getRequestHeaders().getFirst("Host"));
                byte[] body = document().toJson();
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        http.start();
        server = Optional.of(http);
        return http.getAddress().getPort();
    }

    private static ConfigDocument document() {
        return new ConfigDocument(
                CHEF,
                "tcp://" + CHEF + ":10000",
                "tcp://" + CHEF + ":10002",
                1,
                3,
                2,
                "web-1",
                "acme",
                PemKeys.toPem((RSAPublicKey) KEYS.getPublic()),
                Optional.of(Z85.encode(new byte[32])),
                SessionKeys.wrap(new SessionKey(new byte[SessionKey.LENGTH_BYTES]), (RSAPublicKey) KEYS.getPublic()),
                3600,
                300,
                65_536,
                "incarnation");
    }

    private AgentSettings settings(String host, int port) {
        return settings("https", host, port);
    }

    private AgentSettings settings(String scheme, String host, int port) {
        return AgentSettings.of(
                        ServerUrl.parse(scheme + "://" + host + ":" + port + "/organizations/acme"),
                        "web-1",
                        (RSAPrivateKey) KEYS.getPrivate())
                .withTls(new TlsSettings(Verification.PEER, trusted, List.of()));
    }

    private static void fetch(AgentSettings settings) throws Exception {
        ServerSession session = new ConfigFetcher(
                        new LiveSettings(settings),
                        CurveKeys.generate(),
                        Clock.systemUTC(),
                        ConfigFetcherIT::addressesOf)
                .fetch(WhileStarting.HOLD);
        assertThat(session.document().incarnationId()).isEqualTo("incarnation");
    }

    private static List<InetAddress> addressesOf(String host) throws UnknownHostException {
        return HostLookup.OF_THIS_MACHINE.addressesOf(host.equals(WITH_UNDERSCORE) ? "127.0.0.1" : host);
    }

    private void trustTheAuthority(String file) throws IOException {
        Files.writeString(trusted.resolve(file), authority.pem());
    }

    @Test
    void unknownHostIsToldAndMeansThatNobodyWasAsked() {
        assertThatThrownBy(() -> fetch(settings("no-such-host.invalid", 443)))
                .isInstanceOf(NobodyAskedException.class)
                .hasMessage("the server cannot be asked [server: no-such-host.invalid:443, cause: unknown host]");
    }

    @Test
    void serverOfAnUnknownAuthorityIsRefusedUntilItsCertificateIsTrusted() throws Exception {
        AgentSettings settings = settings("127.0.0.1", startServer("127.0.0.1", Duration.ofHours(1)));

        assertThatThrownBy(() -> fetch(settings))
                .isInstanceOf(ConfigFetchException.class)
                .hasMessageContaining("unable to find valid certification path");

        trustTheAuthority("authority.crt");
        fetch(settings);
    }

    @Test
    void severalCertificatesInOneFileAreReadAndDamagedFilesPassedOver() throws Exception {
        Files.writeString(trusted.resolve("a.pem"), "nonsense");
        Files.writeString(trusted.resolve("readme.txt"), authority.pem());
        Files.writeString(trusted.resolve("both.pem"), new TestCertificates().pem() + "\n" + authority.pem());

        fetch(settings("127.0.0.1", startServer("127.0.0.1", Duration.ofHours(1))));
    }

    @Test
    void filesOfOtherKindsAreNotTrusted() throws Exception {
        trustTheAuthority("authority.txt");

        assertThatThrownBy(() -> fetch(settings("127.0.0.1", startServer("127.0.0.1", Duration.ofHours(1)))))
                .isInstanceOf(ConfigFetchException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"authority.txt", "."})
    void certificatesOfFurtherAuthoritiesAreTrusted(String place) throws Exception {
        trustTheAuthority("authority.txt");
        trustTheAuthority("0a1b2c3d.0");

        fetch(settings("127.0.0.1", startServer("127.0.0.1", Duration.ofHours(1)))
                .withTls(new TlsSettings(Verification.PEER, trusted.resolve("none"), List.of(trusted.resolve(place)))));
    }

    private static int closedPort() throws IOException {
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return gone.getLocalPort();
        }
    }

    /** A name service or a server that does not answer at all. */
    @Test
    void connectionThatDoesNotComeAboutMeansThatNobodyWasAsked() throws Exception {
        List<Socket> waiting = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (int i = 0; i < 4; i++) {
                Socket socket = new Socket();
                waiting.add(socket);
                try {
                    socket.connect(full.getLocalSocketAddress(), 200);
                } catch (SocketTimeoutException e) {
                    break; // nobody takes the connections, and no more of them can wait
                }
            }

            assertThatThrownBy(() -> fetch(settings("127.0.0.1", full.getLocalPort())))
                    .isInstanceOf(NobodyAskedException.class)
                    .hasMessage("the server cannot be asked [server: 127.0.0.1:" + full.getLocalPort()
                            + ", cause: no connection within 10 s]");
        } finally {
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    @Test
    void refusedConnectionIsCalledThat() throws Exception {
        int port = closedPort();

        assertThatThrownBy(() -> fetch(settings("127.0.0.1", port)))
                .isInstanceOf(NobodyAskedException.class)
                .hasMessage("the server cannot be asked [server: 127.0.0.1:" + port + ", cause: connection refused]");
    }

    @Test
    void proxyThatDoesNotAnswerIsNamedAsTheProxy() throws Exception {
        int port = closedPort();
        ProxyAddress proxy = new ProxyAddress("127.0.0.1", port, Optional.of("u:secret"));
        ProxySettings proxies = new ProxySettings(Optional.of(proxy), Optional.of(proxy), List.of());

        assertThatThrownBy(() -> fetch(settings(CHEF, 443).withProxies(proxies)))
                .isInstanceOf(ConfigFetchException.class)
                .hasMessageStartingWith(
                        "the proxy cannot be reached; check http_proxy, https_proxy and no_proxy [proxy: "
                                + "127.0.0.1:" + port + ", server: " + CHEF + ":443, cause: connection refused]");
    }

    @Test
    void unknownNameOfTheProxyIsToldAndMeansThatNobodyWasAsked() {
        Optional<ProxyAddress> proxy = Optional.of(new ProxyAddress("no-such-proxy.invalid", 3128, Optional.empty()));

        assertThatThrownBy(() -> fetch(settings(CHEF, 443).withProxies(new ProxySettings(proxy, proxy, List.of()))))
                .isInstanceOf(NobodyAskedException.class)
                .hasMessage("the proxy cannot be reached; check http_proxy, https_proxy and no_proxy [proxy: "
                        + "no-such-proxy.invalid:3128, server: " + CHEF + ":443, cause: unknown host]");
    }

    @Test
    void wrongHostNameAndExpiredCertificateAreRefused() throws Exception {
        trustTheAuthority("authority.pem");

        assertThatThrownBy(() -> fetch(settings("127.0.0.1", startServer("other.example.com", Duration.ofHours(1)))))
                .hasMessageContaining("127.0.0.1");
        stop();
        assertThatThrownBy(() -> fetch(settings("127.0.0.1", startServer("127.0.0.1", Duration.ofDays(-1)))))
                .hasMessageContaining("NotAfter");
    }

    @ParameterizedTest
    @ValueSource(strings = {"push_server.example.com", "*.example.com", "PUSH_SERVER.example.com"})
    void serverWithUnderscoreInItsNameMustHaveACertificateForIt(String certificate) throws Exception {
        int port = startServer(certificate, Duration.ofHours(1));

        assertThatThrownBy(() -> fetch(settings(WITH_UNDERSCORE, port)))
                .isInstanceOf(ConfigFetchException.class)
                .hasMessageContaining("unable to find valid certification path");

        trustTheAuthority("authority.pem");
        fetch(settings(WITH_UNDERSCORE, port));
        assertThat(hosts).containsExactly(WITH_UNDERSCORE + ":" + port);
    }

    @ParameterizedTest
    @ValueSource(strings = {"other_server.example.com", "127.0.0.1", "example.com", "*.push_server.example.com"})
    void serverWithUnderscoreInItsNameAndAnothersCertificateIsRefused(String certificate) throws Exception {
        trustTheAuthority("authority.pem");
        int port = startServer(certificate, Duration.ofHours(1));

        assertThatThrownBy(() -> fetch(settings(WITH_UNDERSCORE, port)))
                .isInstanceOf(ConfigFetchException.class)
                .hasMessageContaining("No subject alternative DNS name matching " + WITH_UNDERSCORE);
        assertThat(hosts).isEmpty();

        fetch(settings(WITH_UNDERSCORE, port).withTls(new TlsSettings(Verification.NONE, trusted, List.of())));
    }

    @Test
    void plainServerWithUnderscoreInItsNameIsToldTheName() throws Exception {
        int port = start(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));

        fetch(settings("http", WITH_UNDERSCORE, port));

        assertThat(hosts).containsExactly(WITH_UNDERSCORE + ":" + port);
        assertThatThrownBy(() -> fetch(settings("http", "no_such_host.invalid", port)))
                .isInstanceOf(NobodyAskedException.class)
                .hasMessage(
                        "the server cannot be asked [server: no_such_host.invalid:" + port + ", cause: unknown host]");
    }

    @Test
    void serverWithUnderscoreInItsNameIsAskedByItsAddressThroughAProxy() throws Exception {
        trustTheAuthority("authority.pem");
        int port = startServer(WITH_UNDERSCORE, Duration.ofHours(1));
        try (FakeProxy proxy = new FakeProxy(port, Optional.empty())) {
            Optional<ProxyAddress> address = Optional.of(new ProxyAddress("127.0.0.1", proxy.port(), Optional.empty()));

            fetch(settings(WITH_UNDERSCORE, port).withProxies(new ProxySettings(address, address, List.of())));

            assertThat(proxy.requests()).containsExactly("CONNECT 127.0.0.1:" + port + " HTTP/1.1");
            assertThat(hosts).containsExactly(WITH_UNDERSCORE + ":" + port);
        }
    }

    @Test
    void verifyNoneTakesAnyCertificateAndAnyName() throws Exception {
        int port = startServer("other.example.com", Duration.ofDays(-1));

        fetch(settings("127.0.0.1", port).withTls(new TlsSettings(Verification.NONE, trusted, List.of())));
    }

    @Test
    void proxyIsUsedWithItsCredentialsAndTheCertificateIsCheckedBehindIt() throws Exception {
        trustTheAuthority("authority.pem");
        int port = startServer(CHEF, Duration.ofHours(1));
        ProxyAddress address = ProxyAddress.parse("http://us%65r:pass@127.0.0.1:1");
        try (FakeProxy proxy = new FakeProxy(port, address.authorization())) {
            ProxySettings proxies = new ProxySettings(
                    Optional.empty(),
                    Optional.of(new ProxyAddress("127.0.0.1", proxy.port(), address.credentials())),
                    List.of("other.example.com"));

            fetch(settings(CHEF, port).withProxies(proxies));
            assertThat(proxy.requests()).containsExactly("CONNECT " + CHEF + ":" + port + " HTTP/1.1");

            assertThatThrownBy(() -> fetch(settings("evil.example.com", port).withProxies(proxies)))
                    .hasMessageContaining("evil.example.com");
        }
    }

    @Test
    void proxyThatRefusesIsNamedByItsAnswer() throws Exception {
        try (FakeProxy proxy = new FakeProxy(1, Optional.of("Basic secret"))) {
            ProxyAddress withoutCredentials = new ProxyAddress("127.0.0.1", proxy.port(), Optional.empty());
            ProxySettings proxies =
                    new ProxySettings(Optional.of(withoutCredentials), Optional.of(withoutCredentials), List.of());

            assertThatThrownBy(() -> fetch(settings(CHEF, 443).withProxies(proxies)))
                    .isInstanceOf(ConfigFetchException.class)
                    .hasMessage("the proxy answered 407, it wants another name and password [proxy: "
                            + withoutCredentials + "]");
        }
    }

    @Test
    void plainRequestsGoThroughTheirProxyAndThoseToNoProxyHostsDoNot() throws Exception {
        ProxyAddress withCredentials = new ProxyAddress("127.0.0.1", 1, Optional.of("u:p"));
        try (FakeProxy proxy = new FakeProxy(1, withCredentials.authorization())) {
            ProxyAddress address = new ProxyAddress("127.0.0.1", proxy.port(), Optional.of("u:p"));
            AgentSettings settings =
                    AgentSettings.of(ServerUrl.parse("http://" + CHEF + "/organizations/acme"), "web-1", (RSAPrivateKey)
                            KEYS.getPrivate());

            assertThatThrownBy(() -> fetch(
                            settings.withProxies(new ProxySettings(Optional.of(address), Optional.empty(), List.of()))))
                    .hasMessageContaining("answered 502");
            assertThat(proxy.requests())
                    .singleElement()
                    .asString()
                    .startsWith("GET http://" + CHEF + "/organizations/acme/pushy/config/web-1?");

            assertThatThrownBy(() -> fetch(settings.withProxies(
                            new ProxySettings(Optional.of(address), Optional.empty(), List.of(".example.com")))))
                    .hasMessageContaining("cannot be asked [server: " + CHEF);
            assertThat(proxy.requests()).hasSize(1);
        }
    }
}
