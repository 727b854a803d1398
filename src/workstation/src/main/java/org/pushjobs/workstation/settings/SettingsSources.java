package org.pushjobs.workstation.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where settings come from, the strongest first: the command line, the environment, a profile of
 * {@code ~/.chef/credentials}, a Ruby file. The Ruby file takes seconds to evaluate, so it is read only when it is named on
 * the command line or when the others leave out what nothing can be done without. Usable from any thread.
 */
public final class SettingsSources {
    private static final String CHEF_DIRECTORY = ".chef";

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
        Found found = find(options);
        return Settings.of(found.layer(), home, found.environment());
    }

    /** Each setting that is made somewhere, complete or not; blocks while a Ruby file is evaluated. */
    public List<EffectiveSetting> effective(ConnectionOptions options)
            throws InvalidSettingsException, InterruptedException {
        SettingsLayer layer = find(options).layer();
        return Stream.of(Setting.values())
                .flatMap(setting -> layer.get(setting).map(given -> EffectiveSetting.of(setting, given, home)).stream())
                .toList();
    }

    /** The file of the private key; empty where the key itself is given, or none. */
    public Optional<Path> keyFile(ConnectionOptions options) throws InvalidSettingsException, InterruptedException {
        return find(options)
                .layer()
                .get(Setting.KEY)
                .filter(given -> !Settings.isKeyText(given))
                .map(given -> given.path(home).toAbsolutePath().normalize());
    }

    /** The names of the profiles in {@code ~/.chef/credentials}. */
    public List<String> profiles() throws InvalidSettingsException {
        return new CredentialsFile(home.resolve(CHEF_DIRECTORY)).profiles();
    }

    /** Changes with whatever decides which settings are found, but for the contents of files; reads no file. */
    public String fingerprint(ConnectionOptions options) {
        StringBuilder text = new StringBuilder();
        for (Setting setting : List.of(Setting.USER, Setting.SERVER_URL)) {
            text.append(options.layer().get(setting).map(Given::value).orElse(""))
                    .append('\n');
        }
        text.append(options.profile().orElse("")).append('\n');
        text.append(options.configFile().map(Path::toString).orElse("")).append('\n');
        text.append(home).append('\n').append(here.toAbsolutePath()).append('\n');
        for (String variable :
                List.of(SettingsLayer.USER_VARIABLE, SettingsLayer.SERVER_URL_VARIABLE, "CHEF_PROFILE", "KNIFE_HOME")) {
            text.append(environment.getOrDefault(variable, "")).append('\n');
        }
        return text.toString();
    }

    /** Where what is worth remembering between two commands may lie, {@code XDG_CACHE_HOME} or {@code ~/.cache}. */
    public Path cacheDirectory() {
        String chosen = environment.getOrDefault("XDG_CACHE_HOME", "");
        return (chosen.startsWith("/") ? Path.of(chosen) : home.resolve(".cache")).resolve("pushjobs");
    }

    private Found find(ConnectionOptions options) throws InvalidSettingsException, InterruptedException {
        SettingsLayer profile = new CredentialsFile(home.resolve(CHEF_DIRECTORY)).read(options.profile(), environment);
        SettingsLayer layer = beforeFiles(options, environment).orElse(profile);
        Optional<Path> ruby = options.configFile().map(here::resolve);
        if (ruby.isEmpty() && !layer.isSufficient()) {
            ruby = RubyFile.find(environment, here, home);
        }
        if (ruby.isEmpty()) {
            return new Found(layer, environment);
        }
        RubyFile file = RubyFile.read(ruby.get());
        Map<String, String> changed = file.changed(environment);
        return new Found(beforeFiles(options, changed).orElse(profile).orElse(file.settings()), changed);
    }

    /** @param environment as a Ruby file leaves it */
    private record Found(SettingsLayer layer, Map<String, String> environment) {}

    private static SettingsLayer beforeFiles(ConnectionOptions options, Map<String, String> variables) {
        return options.layer().orElse(SettingsLayer.ofEnvironment(variables));
    }
}
