package org.pushjobs.workstation.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.pushjobs.chefhttp.ServerHost;

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
        Optional<ServerHost> host = ServerHost.of(uri);
        boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
        if (!http || host.isEmpty() || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw notOne(given);
        }
        var path = PATH.matcher(uri.getRawPath());
        if (!path.matches()) {
            throw notOne(given);
        }
        return new ServerUrl(URI.create(uri.getScheme() + "://" + host.get().authority() + path.group(1)));
    }

    private static InvalidSettingsException notOne(Given given) {
        return new InvalidSettingsException("the server URL '" + given.value() + "' (from " + given.origin()
                + ") must look like https://HOST[:PORT]/organizations/ORG");
    }

    /** Whom to ask. */
    public ServerHost host() {
        return ServerHost.of(organization).orElseThrow();
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
