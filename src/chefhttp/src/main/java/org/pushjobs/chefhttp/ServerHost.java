package org.pushjobs.chefhttp;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The host of a server's address. Chef's Ruby takes names with a {@code _}, which {@link URI} does not know for a host and
 * Java's HTTP client does not ask. A server of such a name is asked for by its IP address, told its name in {@code Host}, and
 * must show a certificate for the name. No name is sent for TLS (SNI): Java has none for it, and servers in Java refuse one.
 *
 * @param name as it was written, IPv6 addresses in brackets
 * @param port -1 for that of the scheme
 */
public record ServerHost(String name, int port) {
    private static final String LABEL = "[\\p{Alnum}_](?:[\\p{Alnum}_-]*[\\p{Alnum}_])?";
    private static final Pattern WITH_UNDERSCORE =
            Pattern.compile("(?<name>" + LABEL + "(?:\\." + LABEL + ")*\\.?)(?::(?<port>[0-9]{0,5}))?");
    private static final String RESTRICTED_HEADERS = "jdk.httpclient.allowRestrictedHeaders";

    static {
        // The JDK's client looks once. Who sets no Host of its own sends what it sent before.
        String others = System.getProperty(RESTRICTED_HEADERS, "");
        System.setProperty(RESTRICTED_HEADERS, others.isBlank() ? "host" : others + ",host");
    }

    public ServerHost {
        Objects.requireNonNull(name, "name");
    }

    /** Empty when the address names no host. To be called before the first use of the JDK's HTTP client. */
    public static Optional<ServerHost> of(URI address) {
        if (address.getHost() != null) {
            return Optional.of(new ServerHost(address.getHost(), address.getPort()));
        }
        return Optional.ofNullable(address.getRawAuthority())
                .filter(authority -> authority.indexOf('_') >= 0)
                .map(WITH_UNDERSCORE::matcher)
                .filter(Matcher::matches)
                .map(matcher -> new ServerHost(
                        matcher.group("name"),
                        Optional.ofNullable(matcher.group("port"))
                                .filter(port -> !port.isEmpty())
                                .map(Integer::parseInt)
                                .orElse(-1)));
    }

    /** Whether Java's HTTP client can ask it by its name only as said above. */
    public boolean hasUnderscore() {
        return !name.startsWith("[") && name.indexOf('_') >= 0;
    }

    /** {@code HOST[:PORT]} */
    public String authority() {
        return port < 0 ? name : name + ":" + port;
    }

    /** What is at this host, with an IP address for its name. */
    public URI at(URI uri, InetAddress address) {
        String number =
                address instanceof Inet6Address ? "[" + address.getHostAddress() + "]" : address.getHostAddress();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return URI.create(
                uri.getScheme() + "://" + new ServerHost(number, port).authority() + uri.getRawPath() + query);
    }

    /** The trust manager for connections to this host: the given one, if Java's checks of the name will do. */
    public X509ExtendedTrustManager trust(X509ExtendedTrustManager usual) {
        return hasUnderscore() ? new NamedServerTrust(name, usual) : usual;
    }
}
