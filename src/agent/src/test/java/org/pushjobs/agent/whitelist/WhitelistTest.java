package org.pushjobs.agent.whitelist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushjobs.agent.whitelist.Whitelist.Permitted;
import org.pushjobs.agent.whitelist.Whitelist.Refused;
import org.pushjobs.rubyconfig.RubyValue.Regexp;

class WhitelistTest {
    private static WhitelistRule exact(String command, String line) {
        return new WhitelistRule(new WhitelistRule.Exact(command), line, Optional.empty());
    }

    private static WhitelistRule matching(String source, int options, String line) {
        return new WhitelistRule(
                new WhitelistRule.Matching(new CommandPattern(new Regexp(source, options))), line, Optional.empty());
    }

    private static Optional<String> look(String command, WhitelistRule... rules) {
        return new Whitelist(List.of(rules)).look(command) instanceof Permitted(var line, var _)
                ? Optional.of(line)
                : Optional.empty();
    }

    @ParameterizedTest
    @MethodSource("lookUps")
    void commandLineOf(String command, String expected, WhitelistRule[] rules) {
        assertThat(look(command, rules)).isEqualTo(Optional.ofNullable(expected));
    }

    private static Arguments row(String command, String expected, WhitelistRule... rules) {
        return Arguments.of(command, expected, rules);
    }

    static Stream<Arguments> lookUps() {
        WhitelistRule any = matching("\\A.*\\z", Regexp.MULTI_LINE, "any");
        return Stream.of(
                row("chef-client", "chef-client -l info", exact("chef-client", "chef-client -l info")),
                row("", "true", exact("", "true")),
                row("chef-client ", null, exact("chef-client", "x")),
                row("Chef-client", null, exact("chef-client", "x")),
                row("a.b", null, exact("a+b", "x")),
                // what stands for a back-reference elsewhere is plain text here
                row("a", "echo \\1 \\0", exact("a", "echo \\1 \\0")),
                // an exact key wins, wherever it stands; else the first expression does
                row("ab", "exact", matching("a", 0, "pattern"), exact("ab", "exact")),
                row("ab", "first b", matching("a(?=b)", 0, "first "), matching("b", 0, "second")),
                row("xab", "xsecond", matching("^a", 0, "first"), matching("ab", 0, "second")),
                row("nothing", null, matching("^a", 0, "first"), matching("ab", 0, "second")),
                // only the match is replaced
                row("please converge web now", "please chef-client now", matching("converge \\w+", 0, "chef-client")),
                row("a-a", "b-b", matching("a", 0, "b")),
                row("aXb", "a|X|b", matching("X", 0, "|\\0|")),
                // back-references
                row(
                        "converge web",
                        "chef-client -o role[web]",
                        matching("^converge (\\w+)$", 0, "chef-client -o role[\\1]")),
                row("a b", "b a", matching("^(\\w) (\\w)$", 0, "\\2 \\1")),
                row("r:web", "web", matching("^r:(?<role>\\w+)$", 0, "\\k<role>")),
                row("r:web", "web", matching("^r:(?<role>\\w+)$", 0, "\\1")),
                row("abc", "a[b|a|c|b]c", matching("b", 0, "[\\&|\\`|\\'|\\0]")),
                row("a", "[]", matching("a(x)?", 0, "[\\1\\9\\k<none>]")),
                row("a", "\\1\\q\\", matching("a", 0, "\\\\1\\q\\")),
                row("a", "\\kx \\k<x", matching("a", 0, "\\kx \\k<x")),
                row("üä", "ä-ü", matching("(ü)(ä)", 0, "\\2-\\1")),
                // an empty match is at every place, as in Ruby
                row("ab", "-a-b-", matching("", 0, "-")),
                row("üa", "-ü--", matching("a?", 0, "-")),
                // Ruby's anchors: ^ and $ are at every line, \A and \z are not
                row("x\nok", "x\nyes", matching("^ok$", 0, "yes")),
                row("x\nok", null, matching("\\Aok\\z", 0, "yes")),
                row("ok", "yes", matching("\\Aok\\z", 0, "yes")),
                row("ok\n", null, matching("\\Aok\\z", 0, "yes")),
                row("ok\n", "yes\n", matching("\\Aok\\Z", 0, "yes")),
                // options
                row("OK", null, matching("ok", 0, "yes")),
                row("OK", "yes", matching("ok", Regexp.IGNORE_CASE, "yes")),
                row("a\nb", null, matching("a.b", 0, "yes")),
                row("a\nb", "yes", matching("a.b", Regexp.MULTI_LINE, "yes")),
                row("ab", "yes", matching("a b # both", Regexp.EXTENDED, "yes")),
                // Ruby's own syntax
                row("A1", "yes", matching("^\\p{Upper}\\h$", 0, "yes")),
                row("foobar", "yes", matching("^(?<a>foo)\\g<b>(?<b>bar){0}$", 0, "yes")),
                row("aaa", "yes", matching("\\A(?>a+)\\z", 0, "yes")),
                row("rest", "any", exact("other", "x"), any),
                row("x", null));
    }

    @Test
    void lockBelongsToItsRule() {
        Path lock = Path.of("/run/lock");
        Whitelist whitelist = new Whitelist(List.of(
                new WhitelistRule(new WhitelistRule.Exact("a"), "b", Optional.of(lock)),
                new WhitelistRule(
                        new WhitelistRule.Matching(new CommandPattern(new Regexp("^c(.)", 0))),
                        "\\1",
                        Optional.of(lock))));

        assertThat(whitelist.look("a")).isEqualTo(new Permitted("b", Optional.of(lock)));
        assertThat(whitelist.look("cd")).isEqualTo(new Permitted("d", Optional.of(lock)));
        assertThat(whitelist.look("x")).isEqualTo(new Refused("the command is not in the whitelist: x"));
    }

    @Test
    void lastOfTwoEqualKeysCounts() {
        assertThat(look("a", exact("a", "first"), exact("a", "last"))).contains("last");
    }

    @Test
    void expressionThatTakesTooLongRefusesTheCommandInTime() {
        Whitelist whitelist = new Whitelist(List.of(matching("^(a+)+$", 0, "x"), matching("b", 0, "never reached")));
        long start = System.nanoTime();

        Whitelist.Verdict verdict = whitelist.look("a".repeat(60) + "b");

        assertThat(verdict)
                .isEqualTo(
                        new Refused("the whitelist's expression /^(a+)+$/ takes longer than 100 ms for this command"));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void budgetIsForAllExpressionsTogether() {
        WhitelistRule[] slow = new WhitelistRule[200];
        Arrays.fill(slow, matching("^(a+)+$", 0, "x"));
        long start = System.nanoTime();

        assertThat(new Whitelist(List.of(slow)).look("a".repeat(60) + "b")).isInstanceOf(Refused.class);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void commandLineThatGetsTooLongIsRefused() {
        assertThat(new Whitelist(List.of(matching("a", 0, "x".repeat(10_000)))).look("a".repeat(10_000)))
                .isEqualTo(new Refused("the whitelist's expression /a/ makes a command line of more than 262144"
                        + " bytes of this command"));
    }

    @Test
    void expressionThatIsNoneIsRefused() {
        assertThatThrownBy(() -> matching("a(", Regexp.IGNORE_CASE, "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("/a(/i is no regular expression: ");
    }
}
