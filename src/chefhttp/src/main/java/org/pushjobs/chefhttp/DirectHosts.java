package org.pushjobs.chefhttp;

import java.net.InetAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Hosts that are asked without a proxy: what is called {@code no_proxy}. This machine itself always is one.
 *
 * @param entries {@code host}, {@code .domain}, {@code *.domain}, {@code *}, each with {@code :port} or without; an address
 *     or a range of addresses, {@code 10.0.0.0/8}. A name stands for the names that end in it, too; ranges hold for servers
 *     that are named by their address, names are not looked up.
 */
public record DirectHosts(List<String> entries) {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    public DirectHosts {
        entries = List.copyOf(entries);
    }

    /** The members of a text like {@code localhost, .example.com}. */
    public static List<String> list(String text) {
        return Arrays.stream(text.split("[,\\s]+"))
                .filter(entry -> !entry.isEmpty())
                .toList();
    }

    /** @param address with a host */
    public boolean cover(URI address) {
        ServerHost server = ServerHost.of(address).orElseThrow();
        String host = bare(server.name().toLowerCase(Locale.ROOT));
        int defaultPort = "https".equalsIgnoreCase(address.getScheme()) ? HTTPS_PORT : HTTP_PORT;
        int port = server.port() >= 0 ? server.port() : defaultPort;
        return isThisMachine(host)
                || entries.stream().anyMatch(entry -> covers(entry.toLowerCase(Locale.ROOT), host, port));
    }

    private static boolean isThisMachine(String host) {
        return host.equals("localhost")
                || host.endsWith(".localhost")
                || literal(host).filter(InetAddress::isLoopbackAddress).isPresent();
    }

    private static boolean covers(String entry, String host, int port) {
        int colon = entry.lastIndexOf(':');
        boolean hasPort = colon >= 0 && (entry.indexOf(':') == colon || entry.charAt(colon - 1) == ']');
        if (hasPort) {
            return entry.substring(colon + 1).equals("" + port) && covers(entry.substring(0, colon), host, port);
        }
        Optional<InetAddress> address = literal(host);
        int slash = entry.indexOf('/');
        if (slash >= 0) {
            return address.isPresent()
                    && isWithin(entry.substring(0, slash), entry.substring(slash + 1), address.get());
        }
        Optional<InetAddress> same = literal(bare(entry));
        return same.isPresent() ? same.equals(address) : coversName(entry, host);
    }

    private static boolean coversName(String entry, String host) {
        String domain = entry.replaceFirst("^\\*?\\.", "");
        if (domain.indexOf('*') >= 0) {
            return host.matches("(.*\\.)?\\Q" + domain.replace("*", "\\E.*\\Q") + "\\E");
        }
        return host.equals(domain) || host.endsWith("." + domain);
    }

    /** Whether the first bits of both addresses are the same; false where that is no range. */
    private static boolean isWithin(String network, String bits, InetAddress address) {
        byte[] given = address.getAddress();
        byte[] first = literal(bare(network)).map(InetAddress::getAddress).orElse(new byte[0]);
        if (first.length != given.length
                || !bits.matches("[0-9]{1,3}")
                || Integer.parseInt(bits) > given.length * Byte.SIZE) {
            return false;
        }
        int length = Integer.parseInt(bits);
        for (int bit = 0; bit < length; bit++) {
            int mask = 0x80 >> bit % Byte.SIZE;
            if ((first[bit / Byte.SIZE] & mask) != (given[bit / Byte.SIZE] & mask)) {
                return false;
            }
        }
        return true;
    }

    private static String bare(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    /** The address that a text is, without looking up names. */
    private static Optional<InetAddress> literal(String text) {
        // Java takes short forms such as "10.1" for addresses; in a list of names they are none.
        if (!text.matches("[0-9]+(\\.[0-9]+){3}|[0-9a-f.]*:[0-9a-f:.]*(%.*)?")) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
