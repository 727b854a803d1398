package org.pushjobs.rubyconfig;

import java.nio.file.Path;

/** A program for those who install the evaluator: makes the cache that halves its time to start. */
public final class MakeCache {
    private MakeCache() {}

    /** @param arguments the evaluator's directory */
    public static void main(String[] arguments) throws RubyConfigException, InterruptedException {
        Path home = Path.of(arguments[0]);
        new RubyConfig(home, RubyConfig.TIME_LIMIT).makeCache(home.resolve("sample.rb"));
    }
}
