package org.pushjobs.agent;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.pushjobs.agent.settings.Setting;
import org.pushjobs.agent.settings.SettingsSource;
import org.pushjobs.agent.whitelist.Whitelist;
import org.pushjobs.agent.whitelist.WhitelistRule;
import picocli.CommandLine;

/** {@code --check-config}: what was read from where, and what the whitelist makes of a command; nothing is started. */
final class ConfigCheck {
    private final SettingsSource.Loaded loaded;
    private final PrintStream out;

    ConfigCheck(SettingsSource.Loaded loaded, PrintStream out) {
        this.loaded = Objects.requireNonNull(loaded, "loaded");
        this.out = Objects.requireNonNull(out, "out");
    }

    /**
     * Prints it.
     *
     * @param command to be explained
     * @return the exit status: 0, but 1 when the command would be refused
     */
    int run(Optional<String> command) {
        loaded.report().warnings().forEach(warning -> out.println("warning: " + warning));
        if (command.isPresent()) {
            return explain(command.get());
        }
        out.println("the settings can be used");
        loaded.files().forEach(file -> out.println("  read: " + file));
        loaded.others().forEach(other -> out.println("  looked at, too: " + other));
        loaded.report()
                .lines()
                .forEach(
                        line -> out.println(line.setting().key() + ": " + line.value() + "   (" + line.origin() + ")"));
        if (!isSet(Setting.NODE_NAME)) {
            out.println("node_name: " + loaded.settings().nodeName() + "   (not set, this machine's name)");
        }
        out.println("defaults count for: "
                + Arrays.stream(Setting.values())
                        .filter(setting -> setting != Setting.NODE_NAME && !isSet(setting))
                        .map(Setting::key)
                        .collect(Collectors.joining(", ")));
        out.println("what this node runs:");
        loaded.settings().jobs().whitelist().rules().forEach(rule -> out.println("  " + printed(rule)));
        return CommandLine.ExitCode.OK;
    }

    private boolean isSet(Setting setting) {
        return loaded.report().lines().stream().anyMatch(line -> line.setting() == setting);
    }

    private static String printed(WhitelistRule rule) {
        String key = switch (rule.key()) {
            case WhitelistRule.Exact(var text) -> "'" + text + "'";
            case WhitelistRule.Matching(var pattern) -> pattern.toString();
        };
        return key + " => '" + rule.commandLine() + "'"
                + rule.lock().map(lock -> "   (lock: " + lock + ")").orElse("");
    }

    private int explain(String command) {
        return switch (loaded.settings().jobs().whitelist().look(command)) {
            case Whitelist.Permitted(var line, var lock) -> {
                out.println("'" + command + "' runs: " + line);
                lock.ifPresent(file -> out.println("  with the lock: " + file));
                yield CommandLine.ExitCode.OK;
            }
            case Whitelist.Refused(var reason) -> {
                out.println("'" + command + "' is refused: " + reason);
                yield CommandLine.ExitCode.SOFTWARE;
            }
        };
    }
}
