package org.pushjobs.agent.link;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A port of the server, as its configuration document names it: {@code tcp://HOST:PORT}, an IPv6 address in brackets.
 *
 * @param host a name or an IP address, without brackets
 * @param port 1 to 65,535
 */
record PortAddress(String host, int port) {
    private static final Pattern FORM =
            Pattern.compile("tcp://(?:\\[(?<v6>[^\\[\\]\\s]+)]|(?<host>[^\\[\\]:/\\s]+))" + ":(?<port>[0-9]{1,5})");
    private static final int HIGHEST_PORT = 65_535;

    PortAddress {
        Objects.requireNonNull(host, "host");
    }

    /** Empty when it has another form. */
    static Optional<PortAddress> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String host = matcher.group("v6") == null ? matcher.group("host") : matcher.group("v6");
        int port = Integer.parseInt(matcher.group("port"));
        return port < 1 || port > HIGHEST_PORT ? Optional.empty() : Optional.of(new PortAddress(host, port));
    }

    @Override
    public String toString() {
        return "tcp://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
