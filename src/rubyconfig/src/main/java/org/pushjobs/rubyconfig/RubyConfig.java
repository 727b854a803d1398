package org.pushjobs.rubyconfig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Evaluates configuration files in Ruby syntax. Files that are nothing but plain settings are read here at once; for all
 * others Ruby runs in a process of its own that ends with the file, so that the program that asks stays small. Usable from
 * any thread; a call that needs Ruby blocks for half a second to some seconds.
 */
public final class RubyConfig {
    /** The system property that names the evaluator's directory; the launch scripts set it. */
    public static final String HOME_PROPERTY = "pushjobs.rubyconfig.home";

    /** How long a file may take. */
    public static final Duration TIME_LIMIT = Duration.ofSeconds(60);

    private final EvaluatorHome home;
    private final Duration timeLimit;

    /**
     * @param home the evaluator's directory
     * @param timeLimit after which a file that is still evaluated is given up
     */
    public RubyConfig(Path home, Duration timeLimit) {
        this.home = new EvaluatorHome(home.toAbsolutePath());
        this.timeLimit = timeLimit;
    }

    /** The evaluator that belongs to this program, with {@link #TIME_LIMIT}. */
    public static RubyConfig installed() throws RubyConfigException {
        return Optional.ofNullable(System.getProperty(HOME_PROPERTY))
                .map(home -> new RubyConfig(Path.of(home), TIME_LIMIT))
                .orElseThrow(() -> new RubyConfigException(
                        "it is not known where the evaluator of Ruby files is; start this program by its script, or"
                                + " set the system property " + HOME_PROPERTY));
    }

    /**
     * Evaluates a file in this program's environment and working directory.
     *
     * @throws RubyConfigException also when the file cannot be read, or does not come to an end
     */
    public EvaluatedFile evaluate(Path file, Dialect dialect) throws RubyConfigException, InterruptedException {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new RubyConfigException(file + " cannot be read: "
                    + (Files.exists(file) ? "it is a directory or not for this user" : "there is no such file"));
        }
        Optional<EvaluatedFile> plain = dialect == Dialect.CHEF ? PlainFile.read(file) : Optional.empty();
        return plain.isPresent() ? plain.get() : evaluateByRuby(file, dialect);
    }

    /** By the child process, whatever is in the file. */
    EvaluatedFile evaluateByRuby(Path file, Dialect dialect) throws RubyConfigException, InterruptedException {
        String mark = UUID.randomUUID().toString();
        List<String> command = new ArrayList<>(home.command());
        command.addAll(List.of(mark, dialect.argument(), file.toString()));
        String output = run(command, file);
        return EvaluatorAnswer.read(EvaluatorAnswer.after(mark, output, file), file)
                .withDirectories(EvaluatorAnswer.directories(mark, output, file));
    }

    /**
     * Makes the cache that halves the time to start, in the evaluator's directory.
     *
     * @param sample a file that uses what files use
     */
    public void makeCache(Path sample) throws RubyConfigException, InterruptedException {
        try {
            // A file in the evaluator's own directory is one of its parts, and not looked through for decisions.
            Path copy = Files.createTempFile("sample", ".rb");
            try {
                Files.copy(sample, copy, StandardCopyOption.REPLACE_EXISTING);
                List<String> command = new ArrayList<>(home.command(Optional.of("-XX:AOTCacheOutput=" + home.cache())));
                command.addAll(List.of("sample", Dialect.CHEF.argument(), copy.toString()));
                run(command, sample);
            } finally {
                Files.deleteIfExists(copy);
            }
        } catch (IOException e) {
            throw new RubyConfigException("the sample " + sample + " cannot be copied: " + e, e);
        }
        if (!Files.exists(home.cache())) {
            throw new RubyConfigException("the evaluator's cache was not written: " + home.cache());
        }
    }

    private String run(List<String> command, Path file) throws RubyConfigException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile());
        removeWhatChangesTheEvaluator(builder.environment());
        try {
            return new EvaluatorProcess(builder.start()).output(timeLimit, file);
        } catch (IOException e) {
            throw new RubyConfigException("the evaluator of Ruby files cannot be started: " + e.getMessage(), e);
        }
    }

    /** The file sees the environment as it is, but for the names that tell Java and Ruby what to load. */
    private static void removeWhatChangesTheEvaluator(Map<String, String> environment) {
        environment
                .keySet()
                .removeIf(name -> name.matches("JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|CLASSPATH")
                        || name.matches("(RUBY|JRUBY_|GEM_|BUNDLE).*"));
    }
}
