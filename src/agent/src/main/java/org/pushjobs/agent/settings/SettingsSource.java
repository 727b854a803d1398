package org.pushjobs.agent.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.pushjobs.rubyconfig.Dialect;
import org.pushjobs.rubyconfig.EvaluatedFile;
import org.pushjobs.rubyconfig.RubyConfig;
import org.pushjobs.rubyconfig.RubyConfigException;
import org.pushjobs.rubyconfig.RubyValue;

/**
 * Where the settings come from: the options of the command line, then a configuration file, then the environment. Can be
 * read any number of times; blocks, for a file in Ruby syntax about a second.
 *
 * @param file in Ruby syntax, or JSON when its name ends in {@code .json}
 * @param options what the command line gives
 * @param environment of the process
 * @param defaultNodeName asked only when no node name is given
 */
public record SettingsSource(
        Optional<Path> file,
        Map<Setting, RubyValue> options,
        Map<String, String> environment,
        Supplier<String> defaultNodeName) {
    /** The files of which the first one that is there is taken when the command line names none. */
    public static final List<Path> DEFAULT_FILES = List.of(
            Path.of("/etc/chef/chef-push-client.rb"),
            Path.of("/etc/chef/push-jobs-client.rb"),
            Path.of("/etc/chef/client.rb"));

    /**
     * Settings, and where they came from.
     *
     * @param files all configuration files that were read
     * @param others what else counts: the file of the client's key, and the directories that were looked into for files
     * @param report what was read from where
     */
    public record Loaded(AgentSettings settings, List<Path> files, List<Path> others, SettingsReport report) {
        public Loaded {
            Objects.requireNonNull(settings, "settings");
            files = List.copyOf(files);
            others = List.copyOf(others);
            Objects.requireNonNull(report, "report");
        }
    }

    public SettingsSource {
        Objects.requireNonNull(file, "file");
        options = Map.copyOf(options);
        environment = Map.copyOf(environment);
        Objects.requireNonNull(defaultNodeName, "defaultNodeName");
    }

    /** The first that exists. */
    public static Optional<Path> firstOf(List<Path> files) {
        return files.stream().filter(Files::exists).findFirst();
    }

    /** @throws AgentException tells all problems at once, or the place in the file that Ruby stumbled over */
    public Loaded read() throws AgentException, InterruptedException {
        SettingsDraft draft = new SettingsDraft();
        EvaluatedFile evaluated = EvaluatedFile.EMPTY;
        if (file.isPresent() && file.get().toString().endsWith(".json")) {
            JsonSettingsFile.read(file.get(), draft);
            evaluated = new EvaluatedFile(Map.of(), Map.of(), List.of(file.get()), Map.of());
        } else if (file.isPresent()) {
            evaluated = evaluate(file.get());
            takeOver(evaluated, draft);
        }
        options.forEach((setting, value) -> draft.put(setting, setting.option().orElseThrow(), value));
        Map<String, String> allVariables = new HashMap<>(environment);
        evaluated.environment().forEach((name, value) -> {
            allVariables.remove(name);
            value.ifPresent(text -> allVariables.put(name, text));
        });
        AgentSettings settings =
                new SettingsReading(draft, evaluated.environment(), allVariables).settings(defaultNodeName);
        List<Path> others = new ArrayList<>(evaluated.directories());
        draft.path(Setting.CLIENT_KEY).ifPresent(others::add);
        return new Loaded(
                settings,
                evaluated.files(),
                others,
                new SettingsReport(
                        draft.report(),
                        LikelyTypos.warnings(evaluated.settings().keySet(), file)));
    }

    private static EvaluatedFile evaluate(Path file) throws AgentException, InterruptedException {
        try {
            return RubyConfig.installed().evaluate(file, Dialect.CHEF);
        } catch (RubyConfigException e) {
            throw new AgentException(e.getMessage(), e);
        }
    }

    /** Keys that are not ours belong to chef-client, which may share the file. */
    private static void takeOver(EvaluatedFile evaluated, SettingsDraft draft) {
        evaluated
                .settings()
                .forEach((key, value) -> Setting.ofKey(key)
                        .ifPresent(setting -> draft.put(setting, evaluated.place(key) + ": " + key, value)));
    }
}
