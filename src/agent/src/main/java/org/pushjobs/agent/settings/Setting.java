package org.pushjobs.agent.settings;

import java.util.Optional;

/** The settings, by the names that Chef users know. */
public enum Setting {
    CHEF_SERVER_URL("chef_server_url", "--server"),
    NODE_NAME("node_name", "--node-name"),
    CLIENT_KEY("client_key", "--client-key"),
    FILE_DIR("file_dir", "--file_dir"),
    WHITELIST("whitelist", "the file only"),
    ALLOW_UNENCRYPTED("allow_unencrypted", "--allow_unencrypted"),
    MAX_BODY_SIZE("max_body_size", "--max-body-size"),
    LOG_LEVEL("log_level", "--log_level"),
    LOG_LOCATION("log_location", "--logfile");

    private final String key;
    private final String option;

    Setting(String key, String option) {
        this.key = key;
        this.option = option;
    }

    /** Its name in a file. */
    public String key() {
        return key;
    }

    /** Its name on the command line. */
    public String option() {
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
