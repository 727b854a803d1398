package org.pushjobs.workstation.settings;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * Where settings come from, the strongest first: the command line, the environment, a profile of
 * {@code ~/.chef/credentials}. Usable from any thread.
 */
public final class SettingsSources {
    private final Map<String, String> environment;
    private final Path home;

    /** @param home the user's home directory */
    public SettingsSources(Map<String, String> environment, Path home) {
        this.environment = Map.copyOf(environment);
        this.home = Objects.requireNonNull(home, "home");
    }

    /** Complete settings for a command. */
    public Settings settings(ConnectionOptions options) throws InvalidSettingsException {
        Path chefDirectory = home.resolve(".chef");
        SettingsLayer layer = options.layer()
                .orElse(SettingsLayer.ofEnvironment(environment))
                .orElse(new CredentialsFile(chefDirectory).read(options.profile(), environment));
        return Settings.of(layer, home);
    }
}
