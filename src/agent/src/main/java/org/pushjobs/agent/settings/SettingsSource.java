package org.pushjobs.agent.settings;

import java.io.IOException;
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

    /**
     * @throws AgentException tells all problems at once, or the place in the file that Ruby stumbled over, or who could
     *     change what this agent runs as root
     */
    public Loaded read() throws AgentException, InterruptedException {
        SettingsDraft draft = new SettingsDraft();
        EvaluatedFile evaluated = EvaluatedFile.EMPTY;
        checkRights(file.stream().toList(), List.of());
        if (file.isPresent() && file.get().toString().endsWith(".json")) {
            JsonSettingsFile.read(file.get(), draft);
            evaluated = new EvaluatedFile(Map.of(), Map.of(), List.of(file.get()), Map.of());
        } else if (file.isPresent()) {
            evaluated = evaluate(file.get());
            takeOver(evaluated, draft);
        }
        checkRights(evaluated.files(), evaluated.directories());
        if (draft.has(Setting.ALLOW_WRITABLE_CONFIG)) {
            draft.wrong(
                    Setting.ALLOW_WRITABLE_CONFIG,
                    "counts only on the command line, as whoever may write the file could write it there");
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
                        LikelyTypos.warnings(evaluated.settings().keySet(), evaluated::place)));
    }

    /**
     * A file in Ruby syntax runs as it is read, so it is looked at before; those that it reads itself, and the directories
     * in which it looks for them, can only be found out afterwards.
     */
    private void checkRights(List<Path> files, List<Path> directories) throws AgentException {
        try {
            if (options.containsKey(Setting.ALLOW_WRITABLE_CONFIG) || !FileRights.areThoseOfRoot()) {
                return;
            }
            for (Path checked : files) {
                if (Files.exists(checked)) {
                    refuseIfOpen(checked, FileRights.openToOthers(checked));
                }
            }
            for (Path checked : directories) {
                refuseIfOpen(checked, FileRights.openToNewFiles(checked));
            }
        } catch (IOException e) {
            throw new AgentException("it cannot be found out who may write the configuration: " + e, e);
        }
    }

    private static void refuseIfOpen(Path checked, Optional<String> problem) throws AgentException {
        if (problem.isPresent()) {
            throw new AgentException("somebody besides root could change what this agent runs as root by " + checked
                    + ": " + problem.get() + "; or allow that by --allow_writable_config");
        }
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
