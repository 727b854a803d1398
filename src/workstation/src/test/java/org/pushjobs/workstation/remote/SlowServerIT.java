package org.pushjobs.workstation.remote;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.interfaces.RSAPrivateKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.chefhttp.ProxyAddress;
import org.pushjobs.chefhttp.ServerUrl;
import org.pushjobs.chefhttp.TlsSettings;
import org.pushjobs.chefhttp.TlsSettings.Verification;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.workstation.settings.GivenProxy;
import org.pushjobs.workstation.settings.Settings;

class SlowServerIT {
    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n["})
    @Timeout(30)
    void serverThatDoesNotFinishItsAnswerIsGivenUp(String beginning) throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        try (ServerSocket slow = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                PushJobsClient client = client(slow)) {
            // given
            Thread.ofVirtual().start(() -> answerWith(beginning, slow, done));

            // then
            assertThatExceptionOfType(ServerUnreachableException.class)
                    // when
                    .isThrownBy(() -> client.job("ab12"))
                    .withMessageContaining("gave no answer within 1 s")
                    .matches(ServerUnreachableException::mayHaveArrived);
        } finally {
            done.countDown();
        }
    }

    @Test
    @Timeout(30)
    void proxyThatDoesNotAnswerIsNamedAsTheProxy() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        try (ServerSocket slow = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                PushJobsClient client = client(
                        "http://chef.example.com",
                        Optional.of(new GivenProxy(
                                new ProxyAddress("localhost", slow.getLocalPort(), Optional.empty()), "the test")))) {
            // given
            Thread.ofVirtual().start(() -> answerWith("", slow, done));

            // then
            assertThatExceptionOfType(ServerUnreachableException.class)
                    // when
                    .isThrownBy(() -> client.job("ab12"))
                    .withMessage("the proxy localhost:" + slow.getLocalPort()
                            + " gave no answer of http://chef.example.com within 1 s; check the proxy (from the test),"
                            + " or name chef.example.com in no_proxy");
        } finally {
            done.countDown();
        }
    }

    private static PushJobsClient client(ServerSocket server) throws Exception {
        return client("http://localhost:" + server.getLocalPort(), Optional.empty());
    }

    private static PushJobsClient client(String server, Optional<GivenProxy> proxy) throws Exception {
        Settings settings = new Settings(
                "alice",
                (RSAPrivateKey) PemKeys.generate().getPrivate(),
                "user alice",
                ServerUrl.parse(server + "/organizations/acme"),
                new TlsSettings(Verification.PEER, Path.of("none"), List.of()),
                proxy);
        return new PushJobsClient(settings, InstantSource.system(), Duration.ofSeconds(1), RequestLog.NONE);
    }

    private static void answerWith(String beginning, ServerSocket server, CountDownLatch done) {
        try (Socket connection = server.accept()) {
            connection.getOutputStream().write(beginning.getBytes(StandardCharsets.US_ASCII));
            connection.getOutputStream().flush();
            done.await();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError("the connection could not be held", e);
        }
    }
}
