package org.pushjobs.chefhttp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushjobs.chefhttp.NoAnswerException.Reason;

class NoAnswerExceptionTest {
    private static final TimeLimits LIMITS = new TimeLimits(Duration.ofSeconds(10), Duration.ofSeconds(30));

    private static <T extends Exception> T because(Exception cause, T exception) {
        exception.initCause(cause);
        return exception;
    }

    /** As Java 25's client says it. */
    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new UnknownHostException("x"), Reason.UNKNOWN_HOST, true, "unknown host"),
                Arguments.of(
                        because(new UnresolvedAddressException(), new ConnectException()),
                        Reason.UNKNOWN_HOST,
                        true,
                        "unknown host"),
                Arguments.of(
                        because(new ClosedChannelException(), new ConnectException()),
                        Reason.REFUSED,
                        true,
                        "connection refused"),
                Arguments.of(
                        new ConnectException("Network is unreachable"),
                        Reason.UNREACHABLE,
                        true,
                        "Network is unreachable"),
                Arguments.of(
                        new HttpConnectTimeoutException("x"), Reason.NO_CONNECTION, true, "no connection within 10 s"),
                Arguments.of(new HttpTimeoutException("x"), Reason.NO_ANSWER_IN_TIME, false, "no answer within 30 s"),
                Arguments.of(
                        because(new CertificateException("expired"), new SSLHandshakeException("alert")),
                        Reason.NO_TLS,
                        false,
                        "javax.net.ssl.SSLHandshakeException: alert: java.security.cert.CertificateException: expired"),
                Arguments.of(new IOException("EOF"), Reason.BROKEN, false, "java.io.IOException: EOF"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void reasonSaysHowFarTheRequestGot(IOException cause, Reason reason, boolean beforeConnection, String message) {
        NoAnswerException failure = NoAnswerException.of(cause, LIMITS);

        assertThat(failure.reason()).isEqualTo(reason);
        assertThat(failure.reason().isBeforeConnection()).isEqualTo(beforeConnection);
        assertThat(failure).hasMessage(message).hasCause(cause);
    }
}
