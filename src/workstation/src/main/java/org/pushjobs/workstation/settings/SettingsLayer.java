package org.pushjobs.workstation.settings;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What one source of settings says; a source may leave out any of them. */
public record SettingsLayer(Optional<String> user, Optional<Path> key, Optional<String> serverUrl) {
    static final String USER_VARIABLE = "PUSHJOBS_USER";
    static final String KEY_VARIABLE = "PUSHJOBS_KEY";
    static final String SERVER_URL_VARIABLE = "PUSHJOBS_SERVER_URL";

    public SettingsLayer {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(serverUrl, "serverUrl");
    }

    /** {@code PUSHJOBS_USER}, {@code PUSHJOBS_KEY}, {@code PUSHJOBS_SERVER_URL}; an empty variable counts as unset. */
    public static SettingsLayer ofEnvironment(Map<String, String> environment) {
        return new SettingsLayer(
                variable(environment, USER_VARIABLE),
                variable(environment, KEY_VARIABLE).map(Path::of),
                variable(environment, SERVER_URL_VARIABLE));
    }

    private static Optional<String> variable(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }

    /** This source's settings, and the other's where this one says nothing. */
    public SettingsLayer orElse(SettingsLayer weaker) {
        return new SettingsLayer(user.or(weaker::user), key.or(weaker::key), serverUrl.or(weaker::serverUrl));
    }
}
