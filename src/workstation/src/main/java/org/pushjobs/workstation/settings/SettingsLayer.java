package org.pushjobs.workstation.settings;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What one source of settings says; a source may leave out any of them. Immutable. */
public final class SettingsLayer {
    static final String USER_VARIABLE = "PUSHJOBS_USER";
    static final String KEY_VARIABLE = "PUSHJOBS_KEY";
    static final String SERVER_URL_VARIABLE = "PUSHJOBS_SERVER_URL";

    /** A source that says nothing. */
    public static final SettingsLayer EMPTY = new SettingsLayer(Map.of());

    private static final Path HERE = Path.of("");

    private final Map<Setting, Given> values;

    private SettingsLayer(Map<Setting, Given> values) {
        this.values = Map.copyOf(values);
    }

    /** {@code PUSHJOBS_*} and the usual variables for proxies; an empty variable counts as unset. */
    public static SettingsLayer ofEnvironment(Map<String, String> environment) {
        SettingsLayer layer = EMPTY.with(Setting.USER, environment, USER_VARIABLE)
                .with(Setting.KEY, environment, KEY_VARIABLE)
                .with(Setting.SERVER_URL, environment, SERVER_URL_VARIABLE);
        for (Setting proxy : new Setting[] {Setting.HTTP_PROXY, Setting.HTTPS_PROXY, Setting.NO_PROXY}) {
            layer = layer.with(proxy, environment, proxy.chefName())
                    .orElse(EMPTY.with(proxy, environment, proxy.chefName().toUpperCase(Locale.ROOT)));
        }
        return layer;
    }

    /**
     * What a file in Chef's terms says; unknown names belong to other programs.
     *
     * @param values by their Chef names
     * @param origin the file, for people
     * @param directory what relative paths are relative to
     */
    static SettingsLayer ofChefNames(Map<String, String> values, String origin, Path directory) {
        Map<Setting, Given> found = new EnumMap<>(Setting.class);
        values.forEach((name, value) -> Setting.ofChefName(name)
                // client_name is preferred to node_name, whichever comes first
                .filter(setting ->
                        setting != Setting.USER || name.equals("client_name") || !values.containsKey("client_name"))
                .ifPresent(setting -> found.put(setting, new Given(value, origin, directory))));
        return new SettingsLayer(found);
    }

    /** This layer and the value if there is one. */
    SettingsLayer with(Setting setting, Optional<String> value, String origin) {
        if (value.isEmpty()) {
            return this;
        }
        Map<Setting, Given> more = new EnumMap<>(Setting.class);
        more.putAll(values);
        more.put(setting, new Given(value.get(), origin, HERE));
        return new SettingsLayer(more);
    }

    private SettingsLayer with(Setting setting, Map<String, String> environment, String variable) {
        return with(
                setting, Optional.ofNullable(environment.get(variable)).filter(value -> !value.isEmpty()), variable);
    }

    /** What this source says of the setting. */
    Optional<Given> get(Setting setting) {
        return Optional.ofNullable(values.get(setting));
    }

    /** Whether everything is here that nothing can be done without. */
    boolean isSufficient() {
        for (Setting setting : Setting.values()) {
            if (setting.isNeeded() && !values.containsKey(setting)) {
                return false;
            }
        }
        return true;
    }

    /** This source's settings, and the other's where this one says nothing. */
    public SettingsLayer orElse(SettingsLayer weaker) {
        Map<Setting, Given> both = new EnumMap<>(Setting.class);
        both.putAll(weaker.values);
        both.putAll(values);
        return new SettingsLayer(both);
    }
}
