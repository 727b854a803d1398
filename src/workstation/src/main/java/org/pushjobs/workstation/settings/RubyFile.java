package org.pushjobs.workstation.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pushjobs.rubyconfig.Dialect;
import org.pushjobs.rubyconfig.EvaluatedFile;
import org.pushjobs.rubyconfig.RubyConfig;
import org.pushjobs.rubyconfig.RubyConfigException;

/** knife's own configuration, {@code config.rb} or {@code knife.rb}: Ruby, evaluated in a process of its own. */
final class RubyFile {
    private static final List<String> NAMES = List.of("config.rb", "knife.rb");

    private RubyFile() {}

    /**
     * The file that knife would take: of the directory {@code KNIFE_HOME}, of the nearest {@code .chef} from here upward that
     * has one, of {@code ~/.chef}.
     */
    static Optional<Path> find(Map<String, String> environment, Path here, Path home) {
        List<Path> directories = new ArrayList<>();
        Optional.ofNullable(environment.get("KNIFE_HOME"))
                .filter(name -> !name.isEmpty())
                .ifPresent(name -> directories.add(here.resolve(name)));
        for (Path directory = here.toAbsolutePath().normalize(); directory != null; directory = directory.getParent()) {
            directories.add(directory.resolve(".chef"));
        }
        directories.add(home.resolve(".chef"));
        return directories.stream()
                .flatMap(directory -> NAMES.stream().map(directory::resolve))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    /** Takes some seconds. */
    static SettingsLayer read(Path file) throws InvalidSettingsException, InterruptedException {
        Path absolute = file.toAbsolutePath();
        try {
            EvaluatedFile evaluated = RubyConfig.installed().evaluate(absolute, Dialect.CHEF);
            Map<String, String> values = new LinkedHashMap<>();
            evaluated
                    .settings()
                    .keySet()
                    .forEach(name -> evaluated.text(name).ifPresent(text -> values.put(name, text)));
            return SettingsLayer.ofChefNames(values, file.toString(), absolute.getParent());
        } catch (RubyConfigException e) {
            throw new InvalidSettingsException(e.getMessage());
        }
    }
}
