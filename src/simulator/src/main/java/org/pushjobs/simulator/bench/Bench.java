package org.pushjobs.simulator.bench;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pushjobs.simulator.bench.bed.Programs;
import org.pushjobs.simulator.bench.table.Measurement;
import org.pushjobs.simulator.bench.table.ResultsFile;
import org.pushjobs.simulator.bench.table.Row;
import org.pushjobs.simulator.bench.table.Table;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command line of the benchmark. Exits with 0 when all that was wanted is as it must be (with {@code --quick}: was
 * measured), 1 when something is not, 2 with wrong usage.
 */
@Command(
        name = "bench",
        description = {
            "Measures the server of this checkout with simulated agents, prints what it finds as it goes, and writes the",
            "table into docs/benchmarks.md. A full run takes fifty minutes and wants the machine for itself."
        },
        mixinStandardHelpOptions = true)
public final class Bench implements Callable<Integer> {
    private static final int GOAL_MISSED = 1;

    @Spec
    private CommandSpec spec;

    @Option(names = "--checkout", paramLabel = "DIR", required = true, hidden = true)
    private Path checkout;

    @Option(
            names = "--quick",
            description = "Small numbers, about three minutes: whether the measurements themselves work.")
    private boolean quick;

    @Option(
            names = "--only",
            paramLabel = "ROW",
            split = ",",
            description = "These rows only: ${COMPLETION-CANDIDATES}.")
    private Set<Row> only = EnumSet.allOf(Row.class);

    @Option(
            names = "--profile",
            paramLabel = "FILE",
            description = "Profile the server after the row cpu-5000, into FILE.")
    private Optional<Path> profile = Optional.empty();

    @Option(
            names = "--micro-results",
            paramLabel = "FILE",
            split = ",",
            description = "Measure nothing; put these results of JMH into the document (bin/bench --micro makes them).")
    private List<Path> microResults = List.of();

    public static void main(String[] arguments) {
        signCheaply();
        CommandLine commandLine = new CommandLine(new Bench());
        commandLine.registerConverter(Row.class, Bench::row);
        System.exit(commandLine.execute(arguments));
    }

    /** As the clients of others do, which have OpenSSL: the JDK takes four times the CPU, and the server has what is left. */
    private static void signCheaply() {
        if (AmazonCorrettoCryptoProvider.INSTANCE.getLoadingError() == null) {
            AmazonCorrettoCryptoProvider.install();
        }
    }

    private static Row row(String id) {
        return Stream.of(Row.values())
                .filter(row -> row.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new CommandLine.TypeConversionException("'" + id + "' is none of "
                        + Stream.of(Row.values()).map(Row::id).collect(Collectors.joining(", "))));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        String machine = Machine.description();
        String commit = Machine.commit(checkout);
        BenchmarksDocument document = new BenchmarksDocument(checkout.resolve("docs/benchmarks.md"));
        if (!microResults.isEmpty()) {
            document.writeMicro(machine, commit, microResults);
            return 0;
        }
        if (profile.isPresent() && !only.contains(Row.CPU_5000)) {
            throw new ParameterException(spec.commandLine(), "--profile needs the row " + Row.CPU_5000.id());
        }
        Scale scale = quick ? Scale.QUICK : Scale.FULL;
        Path directory = checkout.resolve("target/bench/last");
        Directories.delete(directory);
        directory = Files.createDirectories(directory).toRealPath();
        System.out.println(machine + "; commit " + commit + "; logs are in " + directory);
        ResultsFile results = new ResultsFile(checkout.resolve("target/bench/results.json"));
        Map<Row, Measurement> measured = new Run(
                        Programs.of(checkout), scale, directory, commit, Clock.systemUTC(), System.out)
                .measure(
                        only,
                        profile.map(file -> Profile.to(file, scale.window())).orElse(Profile.NONE),
                        quick ? Run.Keeper.NONE : results::put);
        boolean complete = measured.keySet().containsAll(only);
        if (quick) {
            System.out.println("The numbers of a quick run say nothing about the goals.");
            return complete ? 0 : GOAL_MISSED;
        }
        document.writeTable(machine, results.read());
        return complete && !Table.misses(measured) ? 0 : GOAL_MISSED;
    }
}
