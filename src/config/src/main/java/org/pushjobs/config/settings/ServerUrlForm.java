package org.pushjobs.config.settings;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code http://HOST:PORT} or {@code https://HOST:PORT}, the port optional; a path would not be what gets signed. */
record ServerUrlForm() implements Form<URI> {
    private static final Pattern URL = Pattern.compile(
            "(?<base>https?://(?:\\[[0-9a-fA-F:.]+]|[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?::(?<port>[0-9]{1,5}))?)/?");
    private static final String EXPECTED =
            "a URL of the form https://HOST or https://HOST:PORT (or http://…), without user and path";

    @Override
    public URI parse(JsonNode value) throws InvalidValueException {
        Matcher url = URL.matcher(value.isTextual() ? value.textValue() : "");
        if (!url.matches()) {
            throw new InvalidValueException(EXPECTED);
        }
        if (url.group("port") != null) {
            int port = Integer.parseInt(url.group("port"));
            if (port < 1 || port > 65_535) {
                throw new InvalidValueException("a URL whose port is from 1 to 65535");
            }
        }
        return URI.create(url.group("base"));
    }

    @Override
    public String show(URI value) {
        return value.toString();
    }

    /** Shows nothing of a URL with a user in it, which may have a password there. */
    @Override
    public String showInvalid(JsonNode value) {
        return value.asText().contains("@")
                ? "a value that is not shown because it may hold a password"
                : Form.super.showInvalid(value);
    }
}
