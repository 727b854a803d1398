package org.pushjobs.workstation.settings;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Where settings come from, the strongest first: the command line, the environment, a profile of
 * {@code ~/.chef/credentials}, a Ruby file. The Ruby file takes seconds to evaluate, so it is read only when it is named on
 * the command line or when the others leave out what nothing can be done without. Usable from any thread.
 */
public final class SettingsSources {
    private final Map<String, String> environment;
    private final Path here;
    private final Path home;

    /**
     * @param here the working directory
     * @param home the user's home directory
     */
    public SettingsSources(Map<String, String> environment, Path here, Path home) {
        this.environment = Map.copyOf(environment);
        this.here = Objects.requireNonNull(here, "here");
        this.home = Objects.requireNonNull(home, "home");
    }

    /** Complete settings for a command; blocks while a Ruby file is evaluated. */
    public Settings settings(ConnectionOptions options) throws InvalidSettingsException, InterruptedException {
        SettingsLayer profile = new CredentialsFile(home.resolve(".chef")).read(options.profile(), environment);
        SettingsLayer layer = beforeFiles(options, environment).orElse(profile);
        Optional<Path> ruby = options.configFile().map(here::resolve);
        if (ruby.isEmpty() && !layer.isSufficient()) {
            ruby = RubyFile.find(environment, here, home);
        }
        if (ruby.isEmpty()) {
            return Settings.of(layer, home, environment);
        }
        RubyFile file = RubyFile.read(ruby.get());
        Map<String, String> changed = file.changed(environment);
        return Settings.of(beforeFiles(options, changed).orElse(profile).orElse(file.settings()), home, changed);
    }

    private static SettingsLayer beforeFiles(ConnectionOptions options, Map<String, String> variables) {
        return options.layer().orElse(SettingsLayer.ofEnvironment(variables));
    }
}
