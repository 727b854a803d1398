package org.pushjobs.agent.whitelist;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What this node runs (agent-and-cli.md, "Whitelist"): the rule whose key is the job's command, else the first whose
 * regular expression matches in it. Immutable; usable from any thread; a look-up takes at most {@link Budget#TIME}.
 */
public final class Whitelist {
    /** What the whitelist has for a command. */
    public sealed interface Verdict {}

    /**
     * It may run.
     *
     * @param commandLine what runs for it
     * @param lock to be held meanwhile
     */
    public record Permitted(String commandLine, Optional<Path> lock) implements Verdict {}

    /** It may not run; the reason is for people. */
    public record Refused(String reason) implements Verdict {}

    private final List<WhitelistRule> rules;
    private final Map<String, WhitelistRule> exact = new HashMap<>();

    /** @param rules of several with the same exact key the last one counts */
    public Whitelist(List<WhitelistRule> rules) {
        this.rules = List.copyOf(rules);
        for (WhitelistRule rule : rules) {
            if (rule.key() instanceof WhitelistRule.Exact(var command)) {
                exact.put(command, rule);
            }
        }
    }

    /** With exact keys only: from a job's command to the command line that runs for it. */
    public static Whitelist of(Map<String, String> commandLines) {
        List<WhitelistRule> rules = new ArrayList<>();
        commandLines.forEach((command, line) ->
                rules.add(new WhitelistRule(new WhitelistRule.Exact(command), line, Optional.empty())));
        return new Whitelist(rules);
    }

    /** What runs for a job's command. */
    public Verdict look(String command) {
        WhitelistRule rule = exact.get(command);
        if (rule != null) {
            return new Permitted(rule.commandLine(), rule.lock());
        }
        try {
            return firstThatMatches(command, new Budget())
                    .orElseGet(() -> new Refused("the command is not in the whitelist: " + command));
        } catch (PatternLimitException e) {
            return new Refused(e.getMessage());
        }
    }

    private Optional<Verdict> firstThatMatches(String command, Budget budget) throws PatternLimitException {
        for (WhitelistRule rule : rules) {
            if (rule.key() instanceof WhitelistRule.Matching(var pattern)) {
                Optional<String> line = pattern.replaceAll(command, new Replacement(rule.commandLine()), budget);
                if (line.isPresent()) {
                    return Optional.of(new Permitted(line.get(), rule.lock()));
                }
            }
        }
        return Optional.empty();
    }

    /** In the order of the file. */
    public List<WhitelistRule> rules() {
        return rules;
    }

    /** How many rules there are. */
    public int size() {
        return rules.size();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Whitelist whitelist && whitelist.rules.equals(rules);
    }

    @Override
    public int hashCode() {
        return rules.hashCode();
    }

    @Override
    public String toString() {
        return "Whitelist" + rules;
    }
}
