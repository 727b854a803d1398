package org.pushjobs.rubyconfig;

import java.nio.file.Path;
import java.time.Duration;

/** A program for those who install the evaluator: makes the cache that halves its time to start. */
public final class MakeCache {
    private static final Duration TIME_LIMIT = Duration.ofMinutes(2);

    private MakeCache() {}

    /**
     * Ends with exit status 1 when the cache could not be made; files can be evaluated all the same.
     *
     * @param arguments the evaluator's directory
     */
    public static void main(String[] arguments) throws InterruptedException {
        Path home = Path.of(arguments[0]);
        try {
            new RubyConfig(home, TIME_LIMIT).makeCache(home.resolve("sample.rb"));
        } catch (RubyConfigException e) {
            System.err.println(
                    "Ruby files will take a second longer to read, their cache could not be made: " + e.getMessage());
            System.exit(1);
        }
    }
}
