package org.pushjobs.workstation.settings;

import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A setting as it counts, to be shown: it holds no secret.
 *
 * @param name as in Chef's files
 * @param origin where it comes from, for people
 */
public record EffectiveSetting(String name, String value, String origin) {
    private static final String NOT_SHOWN = "(not shown)";
    private static final Pattern NAME_AND_PASSWORD = Pattern.compile("//[^/@]*@");

    public EffectiveSetting {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(origin, "origin");
    }

    static EffectiveSetting of(Setting setting, Given given, Path home) {
        return new EffectiveSetting(name(setting), shown(setting, given, home), given.origin());
    }

    private static String name(Setting setting) {
        return setting == Setting.USER ? "client_name" : setting.chefName();
    }

    private static String shown(Setting setting, Given given, Path home) {
        return switch (setting) {
            case USER, SERVER_URL, SSL_VERIFY_MODE, VERIFY_API_CERT, NO_PROXY, HTTP_PROXY_USER, HTTPS_PROXY_USER ->
                given.value();
            case KEY -> Settings.isKeyText(given) ? "PEM text " + NOT_SHOWN : place(given, home);
            case TRUSTED_CERTS_DIR, SSL_CA_FILE, SSL_CA_PATH -> place(given, home);
            case HTTP_PROXY, HTTPS_PROXY ->
                NAME_AND_PASSWORD.matcher(given.value()).replaceAll("//" + NOT_SHOWN + "@");
            case HTTP_PROXY_PASS, HTTPS_PROXY_PASS -> NOT_SHOWN;
        };
    }

    private static String place(Given given, Path home) {
        return given.path(home).toAbsolutePath().normalize().toString();
    }
}
