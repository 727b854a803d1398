package org.pushjobs.agent.settings;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pushjobs.agent.whitelist.CommandPattern;
import org.pushjobs.agent.whitelist.Whitelist;
import org.pushjobs.agent.whitelist.WhitelistRule;
import org.pushjobs.rubyconfig.RubyValue;

/** Reads the setting {@code whitelist} (agent-and-cli.md, "Whitelist"). */
final class WhitelistReading {
    private final SettingsDraft draft;
    private final Path defaultLock;

    /** @param defaultLock what {@code lock: true} stands for */
    WhitelistReading(SettingsDraft draft, Path defaultLock) {
        this.draft = draft;
        this.defaultLock = defaultLock;
    }

    /** Empty when it is not given; what is wrong with it is noted in the draft. */
    Optional<Whitelist> whitelist() {
        Optional<RubyValue> value = draft.value(Setting.WHITELIST);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        List<WhitelistRule> rules = new ArrayList<>();
        if (value.get() instanceof RubyValue.Hash(var entries)) {
            entries.forEach(entry -> rule(entry).ifPresent(rules::add));
        } else {
            wrong("must be a hash of job commands and command lines, is " + SettingsDraft.describe(value.get()));
        }
        return Optional.of(new Whitelist(rules));
    }

    private Optional<WhitelistRule> rule(RubyValue.Entry entry) {
        String name = SettingsDraft.print(entry.key());
        Optional<WhitelistRule.Key> key = key(entry.key());
        Optional<String> line = commandLine(entry.value());
        Optional<Path> lock = lock(name, entry.value());
        if (line.isEmpty()) {
            wrong("must give a command line for \"" + name + "\", has " + withoutCommandLine(entry.value()));
        }
        return key.isPresent() && line.isPresent()
                ? Optional.of(new WhitelistRule(key.get(), line.get(), lock))
                : Optional.empty();
    }

    private Optional<WhitelistRule.Key> key(RubyValue key) {
        try {
            return switch (key) {
                case RubyValue.Text(var command) -> Optional.of(new WhitelistRule.Exact(command));
                case RubyValue.Symbol(var command) -> Optional.of(new WhitelistRule.Exact(command));
                case RubyValue.Regexp regexp -> Optional.of(new WhitelistRule.Matching(new CommandPattern(regexp)));
                case RubyValue other -> {
                    wrong("must have strings and regular expressions as keys, has " + SettingsDraft.describe(other));
                    yield Optional.empty();
                }
            };
        } catch (IllegalArgumentException e) {
            wrong(e.getMessage());
            return Optional.empty();
        }
    }

    private static String withoutCommandLine(RubyValue value) {
        return value instanceof RubyValue.Hash hash
                ? hash.get("command_line").map(SettingsDraft::describe).orElse("a hash without command_line")
                : SettingsDraft.describe(value);
    }

    private static Optional<String> commandLine(RubyValue value) {
        Optional<RubyValue> line = value instanceof RubyValue.Hash hash ? hash.get("command_line") : Optional.of(value);
        return line.filter(RubyValue.Text.class::isInstance)
                .flatMap(RubyValue::asText)
                .filter(text -> !text.isBlank());
    }

    private Optional<Path> lock(String name, RubyValue value) {
        Optional<RubyValue> lock = value instanceof RubyValue.Hash hash ? hash.get("lock") : Optional.empty();
        return switch (lock.orElse(new RubyValue.Nil())) {
            case RubyValue.Nil _ -> Optional.empty();
            case RubyValue.Bool(var wanted) -> wanted ? Optional.of(defaultLock) : Optional.empty();
            case RubyValue.Text(var path) when isAbsolute(path) -> Optional.of(Path.of(path));
            case RubyValue other -> {
                wrong("must have true or an absolute path as the lock of \"" + name + "\", has "
                        + SettingsDraft.describe(other));
                yield Optional.empty();
            }
        };
    }

    private static boolean isAbsolute(String path) {
        try {
            return Path.of(path).isAbsolute();
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private void wrong(String problem) {
        draft.wrong(Setting.WHITELIST, problem);
    }
}
