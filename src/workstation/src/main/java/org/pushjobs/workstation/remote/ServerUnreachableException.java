package org.pushjobs.workstation.remote;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import javax.net.ssl.SSLHandshakeException;
import org.pushjobs.chefhttp.ServerHost;
import org.pushjobs.workstation.settings.ProxySettings;

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
                notReached(server, "no connection in time; check the server URL and the network");
            case ConnectException e ->
                notReached(
                        server,
                        unresolved(e)
                                ? "no such host; check the server URL"
                                : "nobody listens there; check the server URL and that the server is running");
            case UnknownHostException _ ->
                notReached(
                        server,
                        "no such host; check the server URL (a name with _ must be known on this machine, even where a"
                                + " proxy is asked)");
            case SSLHandshakeException e ->
                notReached(server, e.getMessage() + "; check that its certificate is trusted here");
            default -> broken(server, cause);
        };
        return because(cause, failure);
    }

    private static ServerUnreachableException broken(String connection, IOException cause) {
        return new ServerUnreachableException(
                "the connection to " + connection + " broke: "
                        + (cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage()),
                true);
    }

    /** @param proxy through which the server was asked: a connection that does not come about is one to the proxy */
    static ServerUnreachableException of(URI uri, ProxySettings proxy, IOException cause) {
        String name = "the proxy " + proxy.host() + ":" + proxy.port();
        String remedy = remedy(uri, proxy);
        return switch (cause) {
            case HttpConnectTimeoutException _ -> because(cause, notReached(name, "no connection in time" + remedy));
            case ConnectException e ->
                because(cause, notReached(name, (unresolved(e) ? "no such host" : "nobody listens there") + remedy));
            case SSLHandshakeException _ -> of(uri, cause);
            default ->
                because(cause, broken(uri.getScheme() + "://" + uri.getRawAuthority() + " through " + name, cause));
        };
    }

    private static ServerUnreachableException because(IOException cause, ServerUnreachableException failure) {
        failure.initCause(cause);
        return failure;
    }

    private static ServerUnreachableException notReached(String server, String why) {
        return new ServerUnreachableException("cannot reach " + server + ": " + why, false);
    }

    /** The JDK's client wraps the reason once or twice. */
    private static boolean unresolved(Throwable exception) {
        return exception instanceof UnresolvedAddressException
                || exception.getCause() != null && unresolved(exception.getCause());
    }

    static ServerUnreachableException afterTimeout(URI uri, Duration timeout) {
        return new ServerUnreachableException(
                uri.getScheme() + "://" + uri.getRawAuthority() + " gave no answer within " + timeout.toSeconds()
                        + " s",
                true);
    }

    /** @param proxy through which the server was asked: it may be either that is silent */
    static ServerUnreachableException afterTimeout(URI uri, ProxySettings proxy, Duration timeout) {
        return new ServerUnreachableException(
                "the proxy " + proxy.host() + ":" + proxy.port() + " gave no answer of " + uri.getScheme() + "://"
                        + uri.getRawAuthority() + " within " + timeout.toSeconds() + " s" + remedy(uri, proxy),
                true);
    }

    private static String remedy(URI uri, ProxySettings proxy) {
        return "; check the proxy (from " + proxy.origin() + "), or name "
                + ServerHost.of(uri).orElseThrow().name() + " in no_proxy";
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
