package org.pushjobs.agent.whitelist;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jcodings.specific.UTF8Encoding;
import org.joni.Matcher;
import org.joni.Option;
import org.joni.Regex;
import org.joni.Region;
import org.joni.Syntax;
import org.joni.WarnCallback;
import org.joni.exception.JOniException;
import org.joni.exception.TimeoutException;
import org.pushjobs.rubyconfig.RubyValue;

/**
 * A regular expression with Ruby's meaning ({@code ^} and {@code $} are at every line), matched by the engine that JRuby
 * uses. A search that takes too long is given up. Usable from any thread.
 */
public final class CommandPattern {
    private final RubyValue.Regexp source;
    private final Regex regex;

    /** @throws IllegalArgumentException says what is wrong with the expression */
    public CommandPattern(RubyValue.Regexp source) {
        this.source = source;
        byte[] pattern = bytes(source.source());
        try {
            this.regex = new Regex(
                    pattern,
                    0,
                    pattern.length,
                    options(source.options()),
                    UTF8Encoding.INSTANCE,
                    Syntax.RUBY,
                    WarnCallback.NONE);
        } catch (JOniException e) {
            throw new IllegalArgumentException(source + " is no regular expression: " + e.getMessage());
        }
    }

    private static int options(int ruby) {
        return ((ruby & RubyValue.Regexp.IGNORE_CASE) == 0 ? 0 : Option.IGNORECASE)
                | ((ruby & RubyValue.Regexp.EXTENDED) == 0 ? 0 : Option.EXTEND)
                | ((ruby & RubyValue.Regexp.MULTI_LINE) == 0 ? 0 : Option.MULTILINE);
    }

    /**
     * The text with every match replaced; empty when there is none.
     *
     * @throws PatternLimitException when it takes longer than the budget, or the result gets too long
     */
    Optional<String> replaceAll(String text, Replacement replacement, Budget budget) throws PatternLimitException {
        byte[] input = bytes(text);
        ByteArrayOutputStream output = new ByteArrayOutputStream(input.length);
        int copiedTo = 0;
        int from = 0;
        boolean found = false;
        for (Optional<Region> match = search(input, from, budget);
                match.isPresent();
                match = from > input.length ? Optional.empty() : search(input, from, budget)) {
            found = true;
            int begin = match.get().getBeg(0);
            int end = match.get().getEnd(0);
            output.write(input, copiedTo, begin - copiedTo);
            replacement.write(input, match.get(), regex, output);
            copiedTo = end;
            from = end > begin ? end : end + lengthOfCharacter(input, end);
            budget.checkLength(output.size(), this);
        }
        if (!found) {
            return Optional.empty();
        }
        output.write(input, copiedTo, input.length - copiedTo);
        return Optional.of(output.toString(StandardCharsets.UTF_8));
    }

    private Optional<Region> search(byte[] input, int from, Budget budget) throws PatternLimitException {
        Matcher matcher = regex.matcher(input, 0, input.length, budget.remainingNanos(this));
        try {
            return matcher.searchInterruptible(from, input.length, Option.DEFAULT) < 0
                    ? Optional.empty()
                    : Optional.of(matcher.getEagerRegion());
        } catch (TimeoutException e) {
            throw budget.exceeded(this);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw budget.exceeded(this);
        }
    }

    private static int lengthOfCharacter(byte[] input, int at) {
        return at < input.length ? Math.max(1, UTF8Encoding.INSTANCE.length(input, at, input.length)) : 1;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** As Ruby writes it. */
    @Override
    public String toString() {
        return source.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CommandPattern pattern && pattern.source.equals(source);
    }

    @Override
    public int hashCode() {
        return source.hashCode();
    }
}
