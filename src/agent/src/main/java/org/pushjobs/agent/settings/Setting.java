package org.pushjobs.agent.settings;

import java.util.Optional;

/** The settings, by the names that Chef users know. */
public enum Setting {
    CHEF_SERVER_URL("chef_server_url", "--server"),
    NODE_NAME("node_name", "--node-name"),
    CLIENT_KEY("client_key", "--client_key"),
    FILE_DIR("file_dir", "--file_dir"),
    FILE_DIR_EXPIRY("file_dir_expiry"),
    WHITELIST("whitelist"),
    LOCKFILE("lockfile"),
    FILE_CACHE_PATH("file_cache_path"),
    ALLOWED_OVERWRITABLE_ENV_VARS("allowed_overwritable_env_vars"),
    ALLOW_DANGEROUS_ENV("allow_dangerous_env"),
    ALLOW_UNENCRYPTED("allow_unencrypted", "--allow_unencrypted"),
    ALLOW_WRITABLE_CONFIG("allow_writable_config", "--allow_writable_config"),
    MAX_BODY_SIZE("max_body_size", "--max-body-size"),
    OUTPUT_TAIL_SIZE("output_tail_size"),
    SSL_VERIFY_MODE("ssl_verify_mode"),
    VERIFY_API_CERT("verify_api_cert"),
    TRUSTED_CERTS_DIR("trusted_certs_dir"),
    SSL_CA_FILE("ssl_ca_file"),
    SSL_CA_PATH("ssl_ca_path"),
    HTTP_PROXY("http_proxy"),
    HTTP_PROXY_USER("http_proxy_user"),
    HTTP_PROXY_PASS("http_proxy_pass"),
    HTTPS_PROXY("https_proxy"),
    HTTPS_PROXY_USER("https_proxy_user"),
    HTTPS_PROXY_PASS("https_proxy_pass"),
    NO_PROXY("no_proxy"),
    LOG_LEVEL("log_level", "--log_level"),
    LOG_LOCATION("log_location", "--logfile");

    private final String key;
    private final Optional<String> option;

    Setting(String key) {
        this.key = key;
        this.option = Optional.empty();
    }

    Setting(String key, String option) {
        this.key = key;
        this.option = Optional.of(option);
    }

    /** Its name in a file. */
    public String key() {
        return key;
    }

    /** Whether its value is never shown. */
    boolean isSecret() {
        return this == HTTP_PROXY_PASS || this == HTTPS_PROXY_PASS;
    }

    /** Its name on the command line, where it has one. */
    public Optional<String> option() {
        return option;
    }

    static Optional<Setting> ofKey(String key) {
        for (Setting setting : values()) {
            if (setting.key.equals(key)) {
                return Optional.of(setting);
            }
        }
        return Optional.empty();
    }
}
