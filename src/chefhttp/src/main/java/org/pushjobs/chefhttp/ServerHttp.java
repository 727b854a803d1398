package org.pushjobs.chefhttp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.pushjobs.protocol.request.RequestSigner;

/**
 * HTTP/1.1 requests to a Chef or push jobs server, signed (request-signing.md) or not, through a proxy where the route has one.
 * Redirects are not followed: a signature covers the path. Bounded in time. Blocks the calling thread; usable from any.
 */
public final class ServerHttp implements AutoCloseable {
    private static final String SERVER_API_VERSION = "1";

    static {
        // Else the JDK's client, which looks once, names no user to a proxy that it asks for a tunnel; Chef's programs
        // do.
        System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
    }

    private final Route route;
    private final TimeLimits limits;
    private final HostLookup lookup;
    private final InstantSource clock;
    private final HttpClient http;

    /**
     * Connects to nothing yet.
     *
     * @param lookup asked for the addresses of servers whose names the JDK's client does not take
     * @param clock of signatures
     * @throws java.io.UncheckedIOException when file descriptors are short
     */
    public ServerHttp(Route route, TimeLimits limits, HostLookup lookup, InstantSource clock) {
        this.route = Objects.requireNonNull(route, "route");
        this.limits = Objects.requireNonNull(limits, "limits");
        this.lookup = Objects.requireNonNull(lookup, "lookup");
        this.clock = Objects.requireNonNull(clock, "clock");
        // A proxy is looked up for each connection, as a server is.
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(limits.connect())
                .proxy(route.proxy()
                        .map(proxy -> ProxySelector.of(InetSocketAddress.createUnresolved(proxy.host(), proxy.port())))
                        .orElse(HttpClient.Builder.NO_PROXY))
                .sslContext(route.trust())
                .build();
    }

    /**
     * A request without signature.
     *
     * @param uri at the route's server
     * @throws NoAnswerException when the server's name is not known here
     */
    public HttpRequest.Builder unsigned(URI uri) throws NoAnswerException, InterruptedException {
        HttpRequest.Builder request = to(uri).timeout(limits.answer());
        route.proxy()
                .flatMap(ProxyAddress::authorization)
                .ifPresent(value -> request.header("Proxy-Authorization", value));
        return request;
    }

    /**
     * A request that is complete but for headers.
     *
     * @param body empty for none
     * @throws NoAnswerException when the server's name is not known here
     */
    public HttpRequest.Builder signed(RequestSigner signer, String method, URI uri, byte[] body)
            throws NoAnswerException, InterruptedException {
        HttpRequest.Builder request = unsigned(uri)
                .header("X-Ops-Server-API-Version", SERVER_API_VERSION)
                .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        signer.sign(method, uri.getRawPath(), body, clock.instant(), SERVER_API_VERSION)
                .forEach(request::header);
        return request;
    }

    private HttpRequest.Builder to(URI uri) throws NoAnswerException, InterruptedException {
        ServerHost server = route.server();
        return server.hasUnderscore()
                ? HttpRequest.newBuilder(server.at(uri, address(server))).header("Host", server.authority())
                : HttpRequest.newBuilder(uri);
    }

    /** What a name service says within the time of an answer. */
    private InetAddress address(ServerHost server) throws NoAnswerException, InterruptedException {
        FutureTask<InetAddress> look =
                new FutureTask<>(() -> lookup.addressesOf(server.name()).getFirst());
        Thread.ofPlatform().daemon().name("host-look-up").start(look);
        try {
            return look.get(limits.answer().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw NoAnswerException.unknownHost(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownHostException cause) {
                throw NoAnswerException.unknownHost(cause);
            }
            throw new IllegalStateException("the host could not be looked up", e.getCause());
        }
    }

    /** Sends a request and takes its answer, whatever its status. */
    public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
            throws NoAnswerException, InterruptedException {
        CompletableFuture<HttpResponse<T>> exchange = http.sendAsync(request, handler);
        Optional<HttpResponse<T>> response = Optional.empty();
        try {
            response = Optional.of(exchange.get(limits.answer().toMillis(), TimeUnit.MILLISECONDS));
            return response.get();
        } catch (TimeoutException e) {
            throw NoAnswerException.inTime(limits, e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw NoAnswerException.of(cause, limits);
            }
            throw new IllegalStateException("the request could not be made", e.getCause());
        } finally {
            if (response.isEmpty()) {
                exchange.cancel(true);
            }
        }
    }

    /** Drops open connections. */
    @Override
    public void close() {
        http.shutdownNow();
    }
}
