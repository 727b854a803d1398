package org.pushjobs.agent.link;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import javax.net.ssl.SSLContext;
import org.pushjobs.agent.settings.AgentSettings;
import org.pushjobs.agent.settings.LiveSettings;
import org.pushjobs.chefhttp.HostLookup;
import org.pushjobs.chefhttp.NoAnswerException;
import org.pushjobs.chefhttp.ProxyAddress;
import org.pushjobs.chefhttp.Route;
import org.pushjobs.chefhttp.ServerHttp;
import org.pushjobs.chefhttp.ServerUrl;
import org.pushjobs.chefhttp.TimeLimits;
import org.pushjobs.chefhttp.TlsContexts;
import org.pushjobs.chefhttp.TlsSettings;
import org.pushjobs.protocol.request.RequestSigner;
import org.pushjobs.protocol.request.SigningVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the server for this node's configuration document (wire-protocol.md, "Config document") by a signed request
 * (request-signing.md, version 1.3). Usable from any thread; blocks it.
 */
final class ConfigFetcher {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigFetcher.class);
    private static final TimeLimits LIMITS = new TimeLimits(Duration.ofSeconds(10), Duration.ofSeconds(30));
    private static final int LONGEST_ANSWER_BYTES = 1_000_000;
    private static final int PROXY_AUTHENTICATION_REQUIRED = 407;
    private static final int LONGEST_ERROR_TEXT = 500;
    private static final byte[] NO_BODY = {};
    private static final ObjectMapper JSON = new ObjectMapper();

    private final LiveSettings settings;
    private final ServerUrl server;
    private final URI uri;
    private final Clock clock;
    private final HostLookup lookup;

    ConfigFetcher(LiveSettings settings, CurveKeys keys, Clock clock, HostLookup lookup) {
        AgentSettings now = settings.current();
        this.settings = settings;
        this.server = now.server();
        this.uri = address(server, now.nodeName(), keys.publicKeyText());
        this.clock = clock;
        this.lookup = lookup;
    }

    /** Of a node's configuration document, for a CURVE public key in its Z85 form. */
    static URI address(ServerUrl server, String node, String curvePublicKey) {
        return server.pushy("config/"
                + URLEncoder.encode(node, StandardCharsets.UTF_8).replace("+", "%20")
                + "?ccpk=" + URLEncoder.encode(curvePublicKey, StandardCharsets.UTF_8) + "&version=2.0");
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
        // A client per fetch: they are rare, and an idle client keeps a thread.
        try (ServerHttp http = client(now, proxy)) {
            HttpResponse<byte[]> answer = ask(http, request(http, now, whileStarting), proxy);
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
        }
    }

    /** The client would take the time that a name service without an answer needs for the server's. */
    private void requireKnownHost(Optional<ProxyAddress> proxy) throws ConfigFetchException {
        String host = proxy.map(ProxyAddress::host).orElse(server.host().name());
        try {
            lookup.addressesOf(host);
        } catch (UnknownHostException _) {
            throw nobodyAsked(proxy, "unknown host");
        }
    }

    private ServerHttp client(AgentSettings now, Optional<ProxyAddress> proxy) throws ConfigFetchException {
        try {
            return new ServerHttp(new Route(server.host(), proxy, trust(now.tls())), LIMITS, lookup, clock);
        } catch (UncheckedIOException e) {
            throw new NobodyAskedException("the server cannot be asked, something is short on this machine [cause: "
                    + e.getCause().getMessage() + "]");
        }
    }

    private SSLContext trust(TlsSettings tls) throws ConfigFetchException {
        if (!server.isSecure()) {
            return TlsContexts.believingNobody();
        }
        try {
            return TlsContexts.believing(
                    tls,
                    server.host(),
                    (place, cause) ->
                            LOG.warn("trusted certificates cannot be read [place: {}, cause: {}]", place, cause));
        } catch (GeneralSecurityException e) {
            throw new ConfigFetchException("trusted certificates cannot be set up: " + e);
        }
    }

    /** Its failure is the server's, behind a proxy, too: the name is looked up here. */
    private HttpRequest request(ServerHttp http, AgentSettings now, WhileStarting whileStarting)
            throws ConfigFetchException, InterruptedException {
        RequestSigner signer = new RequestSigner(now.nodeName(), now.clientKey(), SigningVersion.V1_3);
        try {
            HttpRequest.Builder request =
                    http.signed(signer, "GET", uri, NO_BODY).header("Accept", "application/json");
            if (whileStarting == WhileStarting.REFUSE) {
                request.header("Prefer", "wait=0");
            }
            return request.build();
        } catch (NoAnswerException e) {
            throw failure(Optional.empty(), e);
        }
    }

    private HttpResponse<byte[]> ask(ServerHttp http, HttpRequest request, Optional<ProxyAddress> proxy)
            throws ConfigFetchException, InterruptedException {
        try {
            return http.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LONGEST_ANSWER_BYTES));
        } catch (NoAnswerException e) {
            throw failure(proxy, e);
        }
    }

    private ConfigFetchException failure(Optional<ProxyAddress> proxy, NoAnswerException failure) {
        if (failure.reason().isBeforeConnection()) {
            return nobodyAsked(proxy, failure.getMessage());
        }
        if (failure.reason() == NoAnswerException.Reason.NO_ANSWER_IN_TIME) {
            String time = LIMITS.answer().toSeconds() + " s";
            return new ConfigFetchException(proxy.map(address -> "the proxy gave no answer of the server within " + time
                            + "; check http_proxy, https_proxy and no_proxy [proxy: " + address + ", server: "
                            + uri.getAuthority() + "]")
                    .orElse("the server did not answer within " + time + ": " + uri.getAuthority()));
        }
        String subject =
                proxy.isEmpty() ? "the server cannot be asked" : "the server cannot be asked through the proxy";
        return new ConfigFetchException(subject + details(proxy, failure.getMessage()));
    }

    /** A connection that does not come about is one to the proxy, where there is one. */
    private NobodyAskedException nobodyAsked(Optional<ProxyAddress> proxy, String cause) {
        String subject = proxy.isEmpty()
                ? "the server cannot be asked"
                : "the proxy cannot be reached; check http_proxy, https_proxy and no_proxy";
        return new NobodyAskedException(subject + details(proxy, cause));
    }

    private String details(Optional<ProxyAddress> proxy, String cause) {
        return " [" + proxy.map(address -> "proxy: " + address + ", ").orElse("") + "server: " + uri.getAuthority()
                + ", cause: " + cause + "]";
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
