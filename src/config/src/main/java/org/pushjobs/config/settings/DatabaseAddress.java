package org.pushjobs.config.settings;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The value of {@code database}: which PostgreSQL server keeps the data. */
sealed interface DatabaseAddress {
    /** The one that this process runs. */
    record Embedded() implements DatabaseAddress {}

    /** @param name or an address, an IPv6 address without brackets */
    record Host(String name, int port) {
        private boolean isSame(Host other) {
            return name.equalsIgnoreCase(other.name) && port == other.port;
        }

        @Override
        public String toString() {
            return (name.contains(":") ? "[" + name + "]" : name) + ":" + port;
        }
    }

    /**
     * Somebody else's.
     *
     * @param hosts at least one; with several, the one that takes writes is used
     * @param password empty when the URL has none; an empty string means that the user needs none
     */
    record Url(List<Host> hosts, String database, String user, Optional<String> password) implements DatabaseAddress {
        public Url {
            hosts = List.copyOf(hosts);
        }

        @Override
        public String toString() {
            return "postgresql://" + user + (password.isPresent() ? ":***" : "") + "@"
                    + hosts.stream().map(Host::toString).collect(Collectors.joining(",")) + "/" + database;
        }
    }

    /** {@code embedded} or {@code postgresql://USER:PASSWORD@HOST:PORT,HOST:PORT/NAME}. */
    record AddressForm() implements Form<DatabaseAddress> {
        private static final String EMBEDDED = "embedded";
        private static final int DEFAULT_PORT = 5432;
        /** All of them are asked at once. */
        private static final int MOST_HOSTS = 8;

        private static final String READ_WRITE = "target_session_attrs=read-write";
        private static final Pattern HOST =
                Pattern.compile("(?:\\[(?<ipv6>[0-9a-fA-F:.]+)]|(?<name>[A-Za-z0-9._-]+))(?::(?<port>[0-9]{1,5}))?");
        private static final Pattern URL =
                Pattern.compile("postgres(?:ql)?://(?<user>[^:@/]+)(?::(?<password>[^:@/]*))?"
                        + "@(?<hosts>[^@/?#]+)/(?<database>[^/?#]+)(?:\\?(?<parameters>.*))?");
        private static final String EXPECTED =
                "embedded or a URL of the form postgresql://USER:PASSWORD@HOST:PORT/NAME,"
                        + " where a character of : / @ ? # % in user, password or name is percent-encoded and an IPv6"
                        + " address is in brackets; the password may be in the file that database_password_file names"
                        + " instead; a database with replicas has several HOST:PORT, with commas between them";

        @Override
        public DatabaseAddress parse(JsonNode value) throws InvalidValueException {
            if (value.asText().equals(EMBEDDED)) {
                return new Embedded();
            }
            Matcher url = URL.matcher(value.asText());
            if (!url.matches()) {
                throw new InvalidValueException(EXPECTED);
            }
            if (url.group("parameters") != null && !url.group("parameters").equals(READ_WRITE)) {
                throw new InvalidValueException("a URL whose only parameter, if any, is " + READ_WRITE);
            }
            return new Url(
                    hosts(url.group("hosts")),
                    decoded(url.group("database")),
                    decoded(url.group("user")),
                    url.group("password") == null ? Optional.empty() : Optional.of(decoded(url.group("password"))));
        }

        private static List<Host> hosts(String list) throws InvalidValueException {
            List<Host> hosts = new ArrayList<>();
            for (String item : list.split(",", -1)) {
                Host host = host(item);
                if (hosts.stream().anyMatch(host::isSame)) {
                    throw new InvalidValueException("a URL that names each host with its port once");
                }
                hosts.add(host);
            }
            if (hosts.size() > MOST_HOSTS) {
                throw new InvalidValueException("a URL with " + MOST_HOSTS + " hosts at most");
            }
            return hosts;
        }

        private static Host host(String item) throws InvalidValueException {
            Matcher host = HOST.matcher(item);
            if (!host.matches()) {
                throw new InvalidValueException(EXPECTED);
            }
            int port = host.group("port") == null ? DEFAULT_PORT : Integer.parseInt(host.group("port"));
            if (port < 1 || port > 65_535) {
                throw new InvalidValueException("a URL whose port is from 1 to 65535");
            }
            return new Host(host.group("ipv6") == null ? host.group("name") : host.group("ipv6"), port);
        }

        private static String decoded(String part) throws InvalidValueException {
            try {
                // The decoder is one for forms, where + is a blank.
                return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                throw new InvalidValueException(EXPECTED);
            }
        }

        @Override
        public String show(DatabaseAddress value) {
            return switch (value) {
                case Embedded() -> EMBEDDED;
                case Url url -> url.toString();
            };
        }

        /** Shows nothing of it: where the password is in a URL that does not parse is anybody's guess. */
        @Override
        public String showInvalid(JsonNode value) {
            return "a value that is not shown because it may hold a password";
        }
    }
}
