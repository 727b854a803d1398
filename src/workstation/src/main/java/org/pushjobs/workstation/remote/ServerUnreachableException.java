package org.pushjobs.workstation.remote;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.pushjobs.chefhttp.NoAnswerException;
import org.pushjobs.chefhttp.ServerHost;
import org.pushjobs.workstation.settings.GivenProxy;

/** No answer came: there is no such host, nobody listens, TLS failed, the connection broke, or time ran out. */
public final class ServerUnreachableException extends ServerFailure {
    private static final long serialVersionUID = 1L;

    private static final String NOT_TRUSTED = "%s; check that its certificate is trusted here";

    private final boolean mayHaveArrived;

    private ServerUnreachableException(String message, boolean mayHaveArrived) {
        super(message);
        this.mayHaveArrived = mayHaveArrived;
    }

    /** @param timeout of the request */
    static ServerUnreachableException of(URI uri, NoAnswerException cause, Duration timeout) {
        String server = server(uri);
        ServerUnreachableException failure = switch (cause.reason()) {
            case NO_CONNECTION -> notReached(server, "no connection in time; check the server URL and the network");
            case UNKNOWN_HOST -> notReached(server, "no such host; check the server URL");
            case REFUSED ->
                notReached(server, "nobody listens there; check the server URL and that the server is running");
            case UNREACHABLE -> notReached(server, cause.getMessage() + "; check the server URL and the network");
            case NO_TLS ->
                notReached(server, NOT_TRUSTED.formatted(cause.getCause().getMessage()));
            case NO_ANSWER_IN_TIME -> afterTimeout(uri, timeout);
            case BROKEN -> brokenConnection(server, cause.getCause());
        };
        return because(cause, failure);
    }

    /** The name of the server, which this machine has to look up itself, is not known. */
    static ServerUnreachableException ofUnknownName(URI uri, NoAnswerException cause) {
        return because(
                cause,
                notReached(
                        server(uri),
                        "no such host; check the server URL (a name with _ must be known on this machine, even where a"
                                + " proxy is asked)"));
    }

    /** The connection broke while an answer was read. */
    static ServerUnreachableException broken(URI uri, IOException cause) {
        return because(cause, brokenConnection(server(uri), cause));
    }

    private static ServerUnreachableException brokenConnection(String connection, Throwable cause) {
        return new ServerUnreachableException(
                "the connection to " + connection + " broke: "
                        + (cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage()),
                true);
    }

    /**
     * @param proxy through which the server was asked: a connection that does not come about is one to the proxy, and it may
     *     be either that is silent
     * @param timeout of the request
     */
    static ServerUnreachableException of(URI uri, GivenProxy proxy, NoAnswerException cause, Duration timeout) {
        String name = "the proxy " + proxy.address();
        String remedy = "; check the proxy (from " + proxy.origin() + "), or name "
                + ServerHost.of(uri).orElseThrow().name() + " in no_proxy";
        ServerUnreachableException failure = switch (cause.reason()) {
            case NO_CONNECTION -> notReached(name, "no connection in time" + remedy);
            case UNKNOWN_HOST -> notReached(name, "no such host" + remedy);
            case REFUSED -> notReached(name, "nobody listens there" + remedy);
            case UNREACHABLE -> notReached(name, cause.getMessage() + remedy);
            case NO_TLS ->
                notReached(server(uri), NOT_TRUSTED.formatted(cause.getCause().getMessage()));
            case NO_ANSWER_IN_TIME ->
                new ServerUnreachableException(
                        name + " gave no answer of " + server(uri) + " within " + timeout.toSeconds() + " s" + remedy,
                        true);
            case BROKEN -> brokenConnection(server(uri) + " through " + name, cause.getCause());
        };
        return because(cause, failure);
    }

    private static String server(URI uri) {
        return uri.getScheme() + "://" + uri.getRawAuthority();
    }

    private static ServerUnreachableException because(IOException cause, ServerUnreachableException failure) {
        failure.initCause(cause);
        return failure;
    }

    private static ServerUnreachableException notReached(String server, String why) {
        return new ServerUnreachableException("cannot reach " + server + ": " + why, false);
    }

    static ServerUnreachableException afterTimeout(URI uri, Duration timeout) {
        return new ServerUnreachableException(
                server(uri) + " gave no answer within " + timeout.toSeconds() + " s", true);
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
