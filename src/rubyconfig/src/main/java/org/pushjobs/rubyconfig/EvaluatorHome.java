package org.pushjobs.rubyconfig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The directory of the evaluator: {@code lib} with JRuby, {@code evaluator.rb}, and {@code evaluator.aot}, a cache that
 * halves the time to start and may be missing.
 */
record EvaluatorHome(Path directory) {
    private static final String[] JVM_FLAGS = {
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xmx256m",
        "-Xlog:disable",
        "-Djruby.compile.mode=OFF",
        // Else processes that a file starts write to our output instead of to where the file has them write.
        "--add-opens=java.base/java.io=ALL-UNNAMED",
        "--add-opens=java.base/java.nio.channels=ALL-UNNAMED",
        "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    };

    /** The child's command line, up to the arguments of the script. */
    List<String> command(Optional<String> cacheFlag) throws RubyConfigException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(JVM_FLAGS));
        cacheFlag.ifPresent(command::add);
        command.addAll(List.of("-cp", classPath(), "org.jruby.Main", "--disable-gems"));
        command.add(directory.resolve("evaluator.rb").toString());
        return command;
    }

    Path cache() {
        return directory.resolve("evaluator.aot");
    }

    /** With the cache, where there is one; the virtual machine leaves one that does not fit alone. */
    List<String> command() throws RubyConfigException {
        return command(Files.isReadable(cache()) ? Optional.of("-XX:AOTCache=" + cache()) : Optional.empty());
    }

    /** Sorted, because the cache holds for one order only. */
    private String classPath() throws RubyConfigException {
        try (Stream<Path> libraries = Files.list(directory.resolve("lib"))) {
            return libraries.sorted().map(Path::toString).collect(Collectors.joining(":"));
        } catch (IOException e) {
            throw new RubyConfigException("the evaluator of Ruby files is not installed here: " + e, e);
        }
    }
}
