package org.pushjobs.workstation.settings;

import java.util.Optional;

/** What can be set, and the names that Chef's configuration files have for it. */
public enum Setting {
    /** The user or client that signs. */
    USER("node_name"),
    /** Its private key: a file, or the PEM text itself. */
    KEY("client_key"),
    /** {@code https://HOST/organizations/ORG}. */
    SERVER_URL("chef_server_url"),
    /** A directory with further certificates to trust. */
    TRUSTED_CERTS_DIR("trusted_certs_dir"),
    /** A file with further certificates to trust. */
    SSL_CA_FILE("ssl_ca_file"),
    /** A directory with further certificates to trust, whose files may have the names that OpenSSL gives them. */
    SSL_CA_PATH("ssl_ca_path"),
    /** {@code verify_peer} or {@code verify_none}. */
    SSL_VERIFY_MODE("ssl_verify_mode"),
    /** {@code true} has certificates checked even with {@code verify_none}. */
    VERIFY_API_CERT("verify_api_cert"),
    HTTP_PROXY("http_proxy"),
    HTTP_PROXY_USER("http_proxy_user"),
    HTTP_PROXY_PASS("http_proxy_pass"),
    HTTPS_PROXY("https_proxy"),
    HTTPS_PROXY_USER("https_proxy_user"),
    HTTPS_PROXY_PASS("https_proxy_pass"),
    /** Hosts that are asked without a proxy, separated by commas. */
    NO_PROXY("no_proxy");

    private final String chefName;

    Setting(String chefName) {
        this.chefName = chefName;
    }

    /** As in config.rb and in a profile. */
    public String chefName() {
        return chefName;
    }

    /** Whether nothing can be done without it. */
    boolean isNeeded() {
        return this == USER || this == KEY || this == SERVER_URL;
    }

    /** @param name as in config.rb or in a profile */
    static Optional<Setting> ofChefName(String name) {
        // Profiles prefer this name for the user.
        if (name.equals("client_name")) {
            return Optional.of(USER);
        }
        for (Setting setting : values()) {
            if (setting.chefName.equals(name)) {
                return Optional.of(setting);
            }
        }
        return Optional.empty();
    }
}
