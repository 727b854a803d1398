package org.pushjobs.workstation.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The address of an organization on a server, {@code https://HOST[:PORT]/organizations/ORG}.
 *
 * @param organization without a slash at its end
 */
public record ServerUrl(URI organization) {
    private static final Pattern PATH = Pattern.compile("(.*/organizations/[^/]+)/*");

    public ServerUrl {
        Objects.requireNonNull(organization, "organization");
    }

    /** @throws InvalidSettingsException when the text is no such address */
    public static ServerUrl parse(String text) throws InvalidSettingsException {
        URI uri;
        try {
            uri = new URI(text.strip());
        } catch (URISyntaxException e) {
            throw notOne(text);
        }
        boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
        if (!http || uri.getHost() == null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw notOne(text);
        }
        var path = PATH.matcher(uri.getRawPath());
        if (!path.matches()) {
            throw notOne(text);
        }
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        return new ServerUrl(URI.create(uri.getScheme() + "://" + uri.getHost() + port + path.group(1)));
    }

    private static InvalidSettingsException notOne(String text) {
        return new InvalidSettingsException(
                "the server URL '" + text + "' must look like https://HOST[:PORT]/organizations/ORG");
    }

    /** @param path below {@code pushy/}, percent-encoded */
    public URI pushy(String path) {
        return URI.create(organization + "/pushy/" + path);
    }

    @Override
    public String toString() {
        return organization.toString();
    }
}
