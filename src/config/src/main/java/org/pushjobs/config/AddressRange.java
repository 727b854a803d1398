package org.pushjobs.config;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * IP addresses that begin alike.
 *
 * @param first any of them
 * @param prefixBits how many bits they have in common, 0 to 32 or 128
 */
public record AddressRange(InetAddress first, int prefixBits) {
    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f.:]*:[0-9A-Fa-f.:]*");
    private static final Pattern PREFIX = Pattern.compile("[0-9]{1,3}");
    private static final int IPV4_BITS = 32;
    private static final int IPV6_BITS = 128;

    public AddressRange {
        Objects.requireNonNull(first, "first");
        if (prefixBits < 0 || prefixBits > bits(first)) {
            throw new IllegalArgumentException("a prefix has 0 to " + bits(first) + " bits, not " + prefixBits);
        }
    }

    private static int bits(InetAddress address) {
        return address instanceof Inet4Address ? IPV4_BITS : IPV6_BITS;
    }

    /** An address, or one with {@code /} and the length of a prefix; empty when it is neither. */
    public static Optional<AddressRange> parse(String text) {
        String[] parts = text.split("/", -1);
        Optional<InetAddress> first = address(parts[0]);
        if (parts.length == 1) {
            return first.map(address -> new AddressRange(address, bits(address)));
        }
        if (parts.length > 2 || !PREFIX.matcher(parts[1]).matches()) {
            return Optional.empty();
        }
        int prefixBits = Integer.parseInt(parts[1]);
        return first.filter(address -> prefixBits <= bits(address))
                .map(address -> new AddressRange(address, prefixBits));
    }

    /** The IP address that the text is; empty when it is none. Names are never looked up. */
    public static Optional<InetAddress> address(String text) {
        if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    public boolean contains(InetAddress address) {
        byte[] wanted = first.getAddress();
        byte[] given = address.getAddress();
        if (wanted.length != given.length) {
            return false;
        }
        int whole = prefixBits / Byte.SIZE;
        for (int i = 0; i < whole; i++) {
            if (wanted[i] != given[i]) {
                return false;
            }
        }
        int rest = prefixBits % Byte.SIZE;
        return rest == 0 || ((wanted[whole] ^ given[whole]) & 0xff) >>> (Byte.SIZE - rest) == 0;
    }

    @Override
    public String toString() {
        return prefixBits == bits(first) ? first.getHostAddress() : first.getHostAddress() + "/" + prefixBits;
    }
}
