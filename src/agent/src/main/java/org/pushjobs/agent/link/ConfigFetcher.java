package org.pushjobs.agent.link;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.pushjobs.agent.settings.AgentSettings;
import org.pushjobs.agent.settings.LiveSettings;
import org.pushjobs.agent.settings.ProxyAddress;
import org.pushjobs.chefhttp.ServerHost;
import org.pushjobs.protocol.request.RequestSigner;
import org.pushjobs.protocol.request.SigningVersion;

/**
 * Asks the server for this node's configuration document (wire-protocol.md, "Config document") by a signed request
 * (request-signing.md, version 1.3). Usable from any thread; blocks it.
 */
final class ConfigFetcher {
    static final Duration CONNECT_TIME_OUT = Duration.ofSeconds(10);
    static final Duration TIME_OUT = Duration.ofSeconds(30);

    private static final String SERVER_API_VERSION = "1";
    private static final int LONGEST_ANSWER_BYTES = 1_000_000;
    private static final int PROXY_AUTHENTICATION_REQUIRED = 407;
    private static final int LONGEST_ERROR_TEXT = 500;
    private static final byte[] NO_BODY = {};
    private static final ObjectMapper JSON = new ObjectMapper();

    private final LiveSettings settings;
    private final ServerHost server;
    private final URI uri;
    private final Clock clock;
    private final HostLookup lookup;

    ConfigFetcher(LiveSettings settings, CurveKeys keys, Clock clock, HostLookup lookup) {
        AgentSettings now = settings.current();
        this.settings = settings;
        this.server = now.server().host();
        this.uri = now.server().configUri(now.nodeName(), keys.publicKeyText());
        this.clock = clock;
        this.lookup = lookup;
    }

    /** What a server that is not ready yet is to do with the request. */
    enum WhileStarting {
        /** Keep it for some seconds, and answer then if it can. */
        HOLD,
        /** Refuse it at once, by 503. */
        REFUSE
    }

    /** @throws ConfigFetchException with the reason, the server's own words included */
    ServerSession fetch(WhileStarting whileStarting) throws ConfigFetchException, InterruptedException {
        AgentSettings now = settings.current();
        Optional<ProxyAddress> proxy = now.proxies().proxyFor(uri);
        requireKnownHost(proxy);
        URI asked = server.hasUnderscore() ? server.at(uri, firstAddress()) : uri;
        HttpClient client;
        try {
            client = client(now, proxy);
        } catch (UncheckedIOException e) {
            throw new NobodyAskedException("the server cannot be asked, something is short on this machine [cause: "
                    + e.getCause().getMessage() + "]");
        }
        try {
            HttpResponse<byte[]> answer = await(
                    client.sendAsync(
                            request(asked, now, proxy, whileStarting),
                            BodyHandlers.limiting(BodyHandlers.ofByteArray(), LONGEST_ANSWER_BYTES)),
                    proxy);
            if (answer.statusCode() == PROXY_AUTHENTICATION_REQUIRED) {
                throw new ConfigFetchException("the proxy answered 407, it wants another name and password [proxy: "
                        + proxy.map(ProxyAddress::toString).orElse("unknown") + "]");
            }
            if (answer.statusCode() != 200) {
                throw new ConfigFetchException("the server"
                        + proxy.map(address -> ", or the proxy " + address + " before it,")
                                .orElse("") + " answered "
                        + answer.statusCode() + " to GET "
                        + uri.getRawPath() + ": " + errorText(answer.body()));
            }
            return ServerSession.open(answer.body(), now);
        } finally {
            client.shutdownNow();
        }
    }

    /** The client would take the time that a name service without an answer needs for the server's. */
    private void requireKnownHost(Optional<ProxyAddress> proxy) throws ConfigFetchException {
        String host = proxy.map(ProxyAddress::host).orElse(server.name());
        try {
            lookup.addressesOf(host);
        } catch (UnknownHostException e) {
            throw failure(proxy, e);
        }
    }

    /** Through a proxy, too: it cannot be told the name. */
    private InetAddress firstAddress() throws ConfigFetchException {
        try {
            return lookup.addressesOf(server.name()).getFirst();
        } catch (UnknownHostException e) {
            throw failure(Optional.empty(), e);
        }
    }

    /** A client per fetch: they are rare, and an idle client keeps a thread. */
    private HttpClient client(AgentSettings now, Optional<ProxyAddress> proxy) throws ConfigFetchException {
        HttpClient.Builder client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_TIME_OUT)
                .proxy(proxy.map(address ->
                                ProxySelector.of(InetSocketAddress.createUnresolved(address.host(), address.port())))
                        .orElse(HttpClient.Builder.NO_PROXY));
        boolean encrypted = "https".equalsIgnoreCase(uri.getScheme());
        return client.sslContext(encrypted ? ServerTrust.context(now.tls(), server) : ServerTrust.inNobody())
                .build();
    }

    private HttpRequest request(
            URI asked, AgentSettings now, Optional<ProxyAddress> proxy, WhileStarting whileStarting) {
        HttpRequest.Builder request = HttpRequest.newBuilder(asked)
                .timeout(TIME_OUT)
                .header("Accept", "application/json")
                .header("X-Ops-Server-API-Version", SERVER_API_VERSION);
        RequestSigner signer = new RequestSigner(now.nodeName(), now.clientKey(), SigningVersion.V1_3);
        signer.sign("GET", uri.getRawPath(), NO_BODY, clock.instant(), SERVER_API_VERSION)
                .forEach(request::header);
        if (server.hasUnderscore()) {
            request.header("Host", server.authority());
        }
        if (whileStarting == WhileStarting.REFUSE) {
            request.header("Prefer", "wait=0");
        }
        proxy.flatMap(ProxyAddress::authorization).ifPresent(value -> request.header("Proxy-Authorization", value));
        return request.GET().build();
    }

    private HttpResponse<byte[]> await(CompletableFuture<HttpResponse<byte[]>> answer, Optional<ProxyAddress> proxy)
            throws ConfigFetchException, InterruptedException {
        try {
            return answer.get(TIME_OUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            String time = TIME_OUT.toSeconds() + " s";
            throw new ConfigFetchException(proxy.map(address -> "the proxy gave no answer of the server within " + time
                            + "; check http_proxy, https_proxy and no_proxy [proxy: " + address + ", server: "
                            + uri.getAuthority() + "]")
                    .orElse("the server did not answer within " + time + ": " + uri.getAuthority()));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw failure(proxy, cause);
            }
            throw new IllegalStateException("asking the server failed", e.getCause());
        }
    }

    private ConfigFetchException failure(Optional<ProxyAddress> proxy, IOException cause) {
        String text = notAsked(proxy, cause) + ", cause: " + cause(cause) + "]";
        return isConnecting(cause) ? new NobodyAskedException(text) : new ConfigFetchException(text);
    }

    /** Whether it went wrong before there was a connection. */
    private static boolean isConnecting(IOException error) {
        return error instanceof UnknownHostException
                || error instanceof ConnectException
                || error instanceof HttpConnectTimeoutException;
    }

    /** A connection that does not come about is one to the proxy, where there is one. */
    private String notAsked(Optional<ProxyAddress> proxy, IOException error) {
        if (proxy.isEmpty()) {
            return "the server cannot be asked [server: " + uri.getAuthority();
        }
        String subject = isConnecting(error)
                ? "the proxy cannot be reached; check http_proxy, https_proxy and no_proxy"
                : "the server cannot be asked through the proxy";
        return subject + " [proxy: " + proxy.get() + ", server: " + uri.getAuthority();
    }

    private static Throwable innermost(Throwable error) {
        Throwable innermost = error;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        return innermost;
    }

    /**
     * With what is behind it: of a certificate that is not believed, the innermost cause says why. Java says nothing of a
     * connection that is refused.
     */
    private static String cause(IOException error) {
        Throwable innermost = innermost(error);
        return switch (error) {
            case UnknownHostException _ -> "unknown host";
            case HttpConnectTimeoutException _ -> "no connection within " + CONNECT_TIME_OUT.toSeconds() + " s";
            case ConnectException _ when innermost instanceof UnresolvedAddressException -> "unknown host";
            case ConnectException _ when error.getMessage() == null -> "connection refused";
            default ->
                innermost == error || innermost.getMessage() == null ? error.toString() : error + ": " + innermost;
        };
    }

    /** What a body {@code {"error": …}} says, else the body itself, on one line. */
    private static String errorText(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        try {
            JsonNode error = JSON.readTree(body).path("error");
            if (error.isTextual()) {
                text = error.textValue();
            } else if (error.isArray() && !error.isEmpty()) {
                text = StreamSupport.stream(error.spliterator(), false)
                        .map(JsonNode::asText)
                        .collect(Collectors.joining("; "));
            }
        } catch (IOException e) {
            // no JSON: the text as it is
        }
        String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.length() > LONGEST_ERROR_TEXT ? line.substring(0, LONGEST_ERROR_TEXT) + "…" : line;
    }
}
