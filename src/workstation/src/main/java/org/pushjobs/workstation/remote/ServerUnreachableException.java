package org.pushjobs.workstation.remote;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import javax.net.ssl.SSLException;

/** No answer came: there is no such host, nobody listens, TLS failed, the connection broke, or time ran out. */
public final class ServerUnreachableException extends ServerFailure {
    private static final long serialVersionUID = 1L;

    private final boolean mayHaveArrived;

    private ServerUnreachableException(String message, boolean mayHaveArrived) {
        super(message);
        this.mayHaveArrived = mayHaveArrived;
    }

    static ServerUnreachableException of(URI uri, IOException cause) {
        String server = uri.getScheme() + "://" + uri.getRawAuthority();
        ServerUnreachableException failure = switch (cause) {
            case HttpConnectTimeoutException _ ->
                new ServerUnreachableException(
                        "cannot reach " + server + ": no connection in time; check the server URL and the network",
                        false);
            case ConnectException e
            when e.getCause() instanceof UnresolvedAddressException ->
                new ServerUnreachableException(
                        "cannot reach " + server + ": no such host; check the server URL", false);
            case ConnectException e
            when unresolved(e) ->
                new ServerUnreachableException(
                        "cannot reach " + server + ": no such host; check the server URL", false);
            case ConnectException _ ->
                new ServerUnreachableException(
                        "cannot reach " + server
                                + ": nobody listens there; check the server URL and that the server is running",
                        false);
            case SSLException e ->
                new ServerUnreachableException(
                        "cannot talk TLS with " + server + ": " + e.getMessage()
                                + "; check that its certificate is trusted here",
                        false);
            default ->
                new ServerUnreachableException(
                        "the connection to " + server + " broke: "
                                + (cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage()),
                        true);
        };
        failure.initCause(cause);
        return failure;
    }

    private static boolean unresolved(ConnectException exception) {
        return exception.getCause() != null && exception.getCause().getCause() instanceof UnresolvedAddressException;
    }

    static ServerUnreachableException afterTimeout(URI uri, Duration timeout) {
        return new ServerUnreachableException(
                uri.getScheme() + "://" + uri.getRawAuthority() + " gave no answer within " + timeout.toSeconds()
                        + " s",
                true);
    }

    /** Whether the server may have received the request, and acted on it. */
    public boolean mayHaveArrived() {
        return mayHaveArrived;
    }

    @Override
    public boolean temporary() {
        return true;
    }
}
