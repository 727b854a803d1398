package org.pushjobs.config.settings;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The value of {@code database}: which PostgreSQL server keeps the data. */
sealed interface DatabaseAddress {
    /** The one that this process runs. */
    record Embedded() implements DatabaseAddress {}

    /**
     * Somebody else's.
     *
     * @param password empty when the URL has none; an empty string means that the user needs none
     */
    record Url(String host, int port, String database, String user, Optional<String> password)
            implements DatabaseAddress {
        @Override
        public String toString() {
            return "postgresql://" + user + (password.isPresent() ? ":***" : "") + "@"
                    + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + "/" + database;
        }
    }

    /** {@code embedded} or {@code postgresql://USER:PASSWORD@HOST:PORT/NAME}. */
    record AddressForm() implements Form<DatabaseAddress> {
        private static final String EMBEDDED = "embedded";
        private static final int DEFAULT_PORT = 5432;
        private static final Pattern URL =
                Pattern.compile("postgres(?:ql)?://(?<user>[^:@/]+)(?::(?<password>[^:@/]*))?"
                        + "@(?:\\[(?<ipv6>[0-9a-fA-F:.]+)]|(?<host>[A-Za-z0-9._-]+))(?::(?<port>[0-9]{1,5}))?"
                        + "/(?<database>[^/?#]+)");
        private static final String EXPECTED =
                "embedded or a URL of the form postgresql://USER:PASSWORD@HOST:PORT/NAME,"
                        + " where a character of : / @ ? # % in user, password or name is percent-encoded; the password may be in"
                        + " the file that database_password_file names instead";

        @Override
        public DatabaseAddress parse(JsonNode value) throws InvalidValueException {
            if (value.asText().equals(EMBEDDED)) {
                return new Embedded();
            }
            Matcher url = URL.matcher(value.asText());
            if (!url.matches()) {
                throw new InvalidValueException(EXPECTED);
            }
            int port = url.group("port") == null ? DEFAULT_PORT : Integer.parseInt(url.group("port"));
            if (port < 1 || port > 65_535) {
                throw new InvalidValueException("a URL whose port is from 1 to 65535");
            }
            return new Url(
                    url.group("ipv6") == null ? url.group("host") : url.group("ipv6"),
                    port,
                    decoded(url.group("database")),
                    decoded(url.group("user")),
                    url.group("password") == null ? Optional.empty() : Optional.of(decoded(url.group("password"))));
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
