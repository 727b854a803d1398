package org.pushjobs.server.api;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.pushjobs.config.AddressRange;

/**
 * Decides where a request came from, for all who want to know: from the peer, unless that is a proxy that is trusted. Then
 * from the last address in {@code X-Forwarded-For} that is not itself a trusted proxy, since each proxy adds its peer at the
 * end and what comes before may be invented. Where there is no such address, or something else in its place, it is the peer.
 */
final class RemoteAddress implements Handler<RoutingContext> {
    private static final String FORWARDED = "X-Forwarded-For";
    private static final String KEY = "pushjobs.remote-address";

    private final List<AddressRange> trustedProxies;

    RemoteAddress(List<AddressRange> trustedProxies) {
        this.trustedProxies = List.copyOf(trustedProxies);
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        context.put(KEY, of(peer(request), request.headers().getAll(FORWARDED)));
        context.next();
    }

    /** As decided when the request came in. */
    static String of(RoutingContext context) {
        return context.get(KEY, peer(context.request()));
    }

    private static String peer(HttpServerRequest request) {
        return request.remoteAddress().hostAddress();
    }

    /**
     * @param peer as text
     * @param forwarded the values of the headers in their order
     */
    String of(String peer, List<String> forwarded) {
        if (AddressRange.address(peer).filter(this::isTrusted).isEmpty()) {
            return peer;
        }
        String[] entries = String.join(",", forwarded).split(",", -1);
        for (int i = entries.length - 1; i >= 0; i--) {
            Optional<InetAddress> address = AddressRange.address(entries[i].strip());
            if (address.isEmpty()) {
                return peer;
            }
            if (!isTrusted(address.get())) {
                return address.get().getHostAddress();
            }
        }
        return peer;
    }

    private boolean isTrusted(InetAddress address) {
        return trustedProxies.stream().anyMatch(range -> range.contains(address));
    }
}
