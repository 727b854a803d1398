package org.pushjobs.chefhttp;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLHandshakeException;

/** No answer came to a request. The message is the cause, for people, and names neither the server nor the proxy. */
public final class NoAnswerException extends IOException {
    private static final long serialVersionUID = 1L;

    /** How far the request got: of the first four, not to the server, nor to the proxy before it. */
    public enum Reason {
        UNKNOWN_HOST,
        /** Nobody listens there. */
        REFUSED,
        /** There is no way to it in the network. */
        UNREACHABLE,
        /** No connection in time. */
        NO_CONNECTION,
        /** One side does not believe the other, or they have no common cipher. */
        NO_TLS,
        /** The request may have been received. */
        NO_ANSWER_IN_TIME,
        /** The request may have been received. */
        BROKEN;

        /** Whether there was no connection, so that nobody has had any work. */
        public boolean isBeforeConnection() {
            return switch (this) {
                case UNKNOWN_HOST, REFUSED, UNREACHABLE, NO_CONNECTION -> true;
                case NO_TLS, NO_ANSWER_IN_TIME, BROKEN -> false;
            };
        }
    }

    private final Reason reason;

    private NoAnswerException(Reason reason, String message, Exception cause) {
        super(message, cause);
        this.reason = reason;
    }

    static NoAnswerException unknownHost(Exception cause) {
        return new NoAnswerException(Reason.UNKNOWN_HOST, "unknown host", cause);
    }

    static NoAnswerException inTime(TimeLimits limits, Exception cause) {
        return new NoAnswerException(
                Reason.NO_ANSWER_IN_TIME, "no answer within " + limits.answer().toSeconds() + " s", cause);
    }

    /** Of what Java's HTTP client says. */
    static NoAnswerException of(IOException cause, TimeLimits limits) {
        return switch (cause) {
            case UnknownHostException _ -> unknownHost(cause);
            case HttpConnectTimeoutException _ ->
                new NoAnswerException(
                        Reason.NO_CONNECTION,
                        "no connection within " + limits.connect().toSeconds() + " s",
                        cause);
            // The client's own clock may be a little quicker than who waits for it.
            case HttpTimeoutException _ -> inTime(limits, cause);
            case ConnectException _ when innermost(cause) instanceof UnresolvedAddressException -> unknownHost(cause);
            // Java says nothing of a connection that is refused.
            case ConnectException _
            when cause.getMessage() == null -> new NoAnswerException(Reason.REFUSED, "connection refused", cause);
            case ConnectException _ -> new NoAnswerException(Reason.UNREACHABLE, cause.getMessage(), cause);
            case SSLHandshakeException _ -> new NoAnswerException(Reason.NO_TLS, text(cause), cause);
            default -> new NoAnswerException(Reason.BROKEN, text(cause), cause);
        };
    }

    /** With what is behind it: of a certificate that is not believed, the innermost cause says why. */
    private static String text(IOException error) {
        Throwable innermost = innermost(error);
        return innermost == error || innermost.getMessage() == null ? error.toString() : error + ": " + innermost;
    }

    private static Throwable innermost(Throwable error) {
        Throwable innermost = error;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        return innermost;
    }

    /** What happened to the request. */
    public Reason reason() {
        return reason;
    }
}
