package org.pushjobs.apitest;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.pushjobs.apitest.ApiCase.Extent;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The program. The only class that exits the process: 0 all cases have passed, 1 some have not, 2 wrong usage or it could not
 * begin.
 */
@Command(
        name = "pushjobs-api-test",
        description = "Tests a configured server by requests to its public URL and an agent.",
        mixinStandardHelpOptions = true)
public final class ApiTest implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int CANNOT_BEGIN = 2;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--settings",
            paramLabel = "FILE",
            required = true,
            description = "What is tested and as whom, a JSON file.")
    private Path settings;

    @Option(names = "--all", description = "Run every case.")
    private boolean all;

    @Option(names = "--smoke", description = "Run what has to work before anything else; the default.")
    private boolean smoke;

    @Option(
            names = {"-J", "--junit-file"},
            paramLabel = "FILE",
            description = "Write the outcomes to this file, too, as JUnit's XML.")
    private Optional<Path> report = Optional.empty();

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new ApiTest()).execute(arguments));
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try {
            TestSettings read = TestSettings.read(settings);
            List<Outcome> outcomes = run(read, all ? Extent.ALL : Extent.SMOKE, out);
            if (report.isPresent()) {
                JUnitReport.write(report.get(), outcomes);
            }
            long failed = outcomes.stream()
                    .filter(outcome -> outcome.failure().isPresent())
                    .count();
            out.println(outcomes.size() + " cases, " + failed + " failed");
            out.flush();
            return failed == 0 ? 0 : FAILED;
        } catch (IOException | CertificateException e) {
            err.println("the test cannot be made: " + e.getMessage());
            err.flush();
            return CANNOT_BEGIN;
        }
    }

    private static List<Outcome> run(TestSettings settings, Extent extent, PrintWriter out)
            throws IOException, CertificateException, InterruptedException {
        List<Outcome> outcomes = new ArrayList<>();
        try (Bench bench = new Bench(settings, new Api(settings))) {
            for (ApiCase one : ApiCases.CASES) {
                if (one.extent() == Extent.SMOKE || extent == Extent.ALL) {
                    Outcome outcome = run(one, bench);
                    outcomes.add(outcome);
                    out.println((outcome.failure().isEmpty() ? "passed  " : "FAILED  ") + one.name());
                    outcome.failure().ifPresent(text -> out.println(text.indent(8)));
                    out.flush();
                }
            }
        }
        return outcomes;
    }

    private static Outcome run(ApiCase one, Bench bench) throws InterruptedException {
        long began = System.nanoTime();
        Optional<String> failure = Optional.empty();
        try {
            one.check().run(bench);
        } catch (CaseFailure e) {
            failure = Optional.of(e.getMessage());
        } catch (IOException e) {
            failure = Optional.of(noAnswer(e));
        }
        return new Outcome(one.name(), Duration.ofNanos(System.nanoTime() - began), failure);
    }

    /** As Java's HTTP client says it, where it does. */
    private static String noAnswer(IOException e) {
        return "there is no answer: " + (e.getCause() instanceof IOException said ? said : e);
    }
}
