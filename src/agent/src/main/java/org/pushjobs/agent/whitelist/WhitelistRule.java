package org.pushjobs.agent.whitelist;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * One member of the whitelist.
 *
 * @param key which job commands it is for
 * @param commandLine what runs, or what stands in the place of an expression's match
 * @param lock a file that must not be locked by anybody else while the command runs
 */
public record WhitelistRule(Key key, String commandLine, Optional<Path> lock) {
    /** Which job commands a rule is for. */
    public sealed interface Key {}

    /** This command and no other. */
    public record Exact(String command) implements Key {
        public Exact {
            Objects.requireNonNull(command, "command");
        }
    }

    /** Every command in which the expression matches. */
    public record Matching(CommandPattern pattern) implements Key {
        public Matching {
            Objects.requireNonNull(pattern, "pattern");
        }
    }

    public WhitelistRule {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(commandLine, "commandLine");
        Objects.requireNonNull(lock, "lock");
    }
}
