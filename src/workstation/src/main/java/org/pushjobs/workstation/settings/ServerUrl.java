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
    static ServerUrl parse(Given given) throws InvalidSettingsException {
        String text = given.value();
        URI uri;
        try {
            uri = new URI(text.strip());
        } catch (URISyntaxException e) {
            throw notOne(given);
        }
        if (uri.getHost() == null
                && uri.getAuthority() != null
                && uri.getAuthority().contains("_")) {
            throw new InvalidSettingsException("the server URL '" + text + "' (from " + given.origin()
                    + ") names a host with _, which host names must not have; give the server another name (DNS or"
                    + " /etc/hosts)");
        }
        boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
        if (!http || uri.getHost() == null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw notOne(given);
        }
        var path = PATH.matcher(uri.getRawPath());
        if (!path.matches()) {
            throw notOne(given);
        }
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        return new ServerUrl(URI.create(uri.getScheme() + "://" + uri.getHost() + port + path.group(1)));
    }

    private static InvalidSettingsException notOne(Given given) {
        return new InvalidSettingsException("the server URL '" + given.value() + "' (from " + given.origin()
                + ") must look like https://HOST[:PORT]/organizations/ORG");
    }

    /** Whether it is reached by TLS. */
    public boolean isSecure() {
        return "https".equalsIgnoreCase(organization.getScheme());
    }

    /** @param path below the organization, percent-encoded, with a query or without */
    public URI chef(String path) {
        return URI.create(organization + "/" + path);
    }

    /** @param path below {@code pushy/}, percent-encoded, with a query or without */
    public URI pushy(String path) {
        return URI.create(organization + "/pushy/" + path);
    }

    @Override
    public String toString() {
        return organization.toString();
    }
}
