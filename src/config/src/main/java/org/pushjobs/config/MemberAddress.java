package org.pushjobs.config;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a process of a cluster can be reached by the others.
 *
 * @param host name or IP address, an IPv6 address without brackets
 * @param port from 1 to 65,535
 */
public record MemberAddress(String host, int port) {
    private static final int MAX_PORT = 65_535;
    private static final Pattern FORM = Pattern.compile(
            "(?:\\[(?<ipv6>[0-9A-Fa-f.:]+)]|(?<host>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)):(?<port>[0-9]{1,5})");

    public MemberAddress {
        Objects.requireNonNull(host, "host");
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException("a port is from 1 to " + MAX_PORT + ", not " + port);
        }
    }

    /** {@code HOST:PORT}, an IPv6 address in brackets; empty when the text is something else. */
    public static Optional<MemberAddress> parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        int port = Integer.parseInt(parts.group("port"));
        String ipv6 = parts.group("ipv6");
        if (port < 1
                || port > MAX_PORT
                || ipv6 != null && AddressRange.address(ipv6).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new MemberAddress(ipv6 == null ? parts.group("host") : ipv6, port));
    }

    /** As it is parsed. */
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
