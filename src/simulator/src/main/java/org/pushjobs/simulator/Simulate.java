package org.pushjobs.simulator;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.pushjobs.protocol.keys.InvalidKeyTextException;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.simulator.crowd.CrowdCommand;
import org.pushjobs.simulator.diary.Diary;
import org.pushjobs.simulator.diary.DiaryFile;
import org.pushjobs.simulator.fleet.Fleet;
import org.pushjobs.simulator.fleet.FleetSettings;
import org.pushjobs.simulator.fleet.FleetSettings.Kind;
import org.pushjobs.simulator.fleet.FleetSettings.Protocol;
import org.pushjobs.simulator.fleet.FleetSettings.Subscription;
import org.pushjobs.simulator.fleet.NodeNames;
import org.pushjobs.simulator.report.Reporter;
import org.pushjobs.simulator.script.Cast;
import org.pushjobs.simulator.script.Script;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The simulator's command line. The only class that exits the process: 0 ended as asked, 1 cannot run, 2 wrong usage. */
@Command(
        name = "simulate",
        description = {
            "Thousands of agents in one process: each with its own keys, configuration and connection.",
            "A job's command says what they do about it, as words with blanks between them: " + Script.GRAMMAR + ".",
            "While it runs it takes the lines " + Console.COMMANDS + " from its standard input."
        },
        mixinStandardHelpOptions = true)
public final class Simulate implements Callable<Integer> {
    private static final int CANNOT_RUN = 1;
    private static final int MOST_NODES = 99_999;

    private static final int LONGEST_STOP_SECONDS = 25;

    private final CountDownLatch finished = new CountDownLatch(1);

    @Spec
    private CommandSpec spec;

    @Option(names = "--nodes", paramLabel = "N", description = "How many agents.")
    private int nodes;

    @Option(names = "--server", paramLabel = "URL", description = "The server's HTTP API, http://HOST:PORT.")
    private URI server;

    @Option(names = "--org", paramLabel = "ORG", description = "The organisation.")
    private String org;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "PEM file with the private key of all the nodes' clients.")
    private Path key;

    @Option(
            names = "--prefix",
            paramLabel = "TEXT",
            description = "Nodes are called TEXT00001 and so on; ${DEFAULT-VALUE}.")
    private String prefix = NodeNames.DEFAULT_PREFIX;

    @Option(names = "--first", paramLabel = "N", description = "Number in the name of the first one; ${DEFAULT-VALUE}.")
    private int first = 1;

    @Option(
            names = "--mode",
            paramLabel = "healing|roaming|deaf",
            description = {
                "What agents make of an outage; ${DEFAULT-VALUE}.",
                "healing: they read for as long as they live, and keep results until these can arrive.",
                "roaming: they also ask for their configuration when nobody listens at their server's address any more, and"
                        + " go where they are told, as servers with spread: true need it.",
                "deaf: exactly as the original's Ruby agents. New sockets that bring nothing over the command port in four"
                        + " rounds of a second are read no more until the job has ended and the configuration was fetched"
                        + " again; at most three messages wait for a connection, results are sent once, and after 5xx the"
                        + " configuration is asked for again 110 s later."
            })
    private String mode = "healing";

    @Option(
            names = "--protocol",
            paramLabel = "2.0|2.1",
            description = {
                "The newest that agents speak; ${DEFAULT-VALUE}, and with --mode deaf nothing else.",
                "2.0: a result is sent once, as the original's agents do; what a broken connection swallows is lost.",
                "2.1: with a server that knows it, results have an exit code, and agents keep each until the server"
                        + " acknowledges it: they send it again on every new connection, and after 5 s rising to 60 s."
                        + " Such agents send no output."
            })
    private String protocol = "2.0";

    @Option(
            names = "--sub",
            paramLabel = "shared|own",
            description = "One connection to the heartbeat port for all agents, or one for each. Default: shared,"
                    + " with --mode roaming and deaf own, which cannot be shared there.")
    private Optional<String> subscription = Optional.empty();

    @Option(
            names = "--behaviour",
            paramLabel = "SCRIPT[=SHARE]",
            description =
                    "What agents do about jobs whose command says nothing about it; a share from 0 to 1 of them in turn.")
    private List<String> behaviour = List.of();

    @Option(names = "--ramp", paramLabel = "N", description = "Start N agents a second; all at once unless given.")
    private int ramp;

    @Option(
            names = "--storm",
            paramLabel = "every=SECONDS,share=SHARE",
            description = "Break the connections of a share of the agents regularly.")
    private Optional<String> storm = Optional.empty();

    @Option(
            names = "--reconnect-pause",
            paramLabel = "MILLIS",
            description = "Between attempts to connect; each is up to twice as long. ${DEFAULT-VALUE}")
    private int reconnectPauseMillis = 500;

    @Option(
            names = "--config-connections",
            paramLabel = "N",
            description = "Connections over which configurations are fetched; ${DEFAULT-VALUE}.")
    private int configConnections = 32;

    @Option(names = "--event-loops", paramLabel = "N", description = "Threads that carry the agents; ${DEFAULT-VALUE}.")
    private int eventLoops = Math.min(4, Runtime.getRuntime().availableProcessors());

    @Option(
            names = "--diary",
            paramLabel = "FILE",
            description = "Append what agents do about jobs and connections to this file; not with --mode deaf.")
    private Optional<Path> diary = Optional.empty();

    @Option(names = "--json", paramLabel = "FILE", description = "Write the totals to this file at the end.")
    private Optional<Path> json = Optional.empty();

    @Option(
            names = "--report",
            paramLabel = "text|json",
            description = "What the regular lines look like; ${DEFAULT-VALUE}.")
    private String report = "text";

    @Option(names = "--report-every", paramLabel = "MILLIS", description = "How often they come; ${DEFAULT-VALUE}.")
    private int reportEveryMillis = 1_000;

    public static void main(String[] arguments) {
        System.setProperty("vertx.logger-delegate-factory-class-name", "io.vertx.core.logging.SLF4JLogDelegateFactory");
        CommandLine commandLine = new CommandLine(new Simulate())
                .addSubcommand(new DirectoryCommand())
                .addSubcommand(new CrowdCommand());
        commandLine.setExecutionExceptionHandler((failure, line, _) -> {
            if (failure instanceof CannotRunException) {
                line.getErr().println(failure.getMessage());
                return CANNOT_RUN;
            }
            throw failure;
        });
        System.exit(commandLine.execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        FleetSettings settings = settings();
        FileLimit.check(FileLimit.needed(settings), nodes + " agents");
        Optional<StormSchedule> storms = storm.map(text -> argument("--storm", () -> StormSchedule.parse(text)));
        Reporter.Form form = choice("--report", report, Reporter.Form.class);
        Clock clock = Clock.systemUTC();
        try (Diary kept = diary.isPresent() ? new DiaryFile(diary.get(), clock) : Diary.NONE;
                Fleet fleet = new Fleet(settings, clock, kept);
                Reporter reporter = new Reporter(fleet, clock, System.out, form)) {
            Console console = new Console(fleet, reporter, System.in, System.err);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> quit(console), "stop"));
            reporter.every(reportEveryMillis);
            console.start();
            storms.ifPresent(schedule -> schedule.start(fleet));
            console.await();
            reporter.print();
            if (json.isPresent()) {
                reporter.write(json.get());
            }
        }
        finished.countDown();
        return 0;
    }

    /** Runs as the shutdown hook, after TERM and INT too: lets the last report be written. */
    private void quit(Console console) {
        console.quit();
        try {
            if (!finished.await(LONGEST_STOP_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("the agents did not stop within " + LONGEST_STOP_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private FleetSettings settings() {
        require("--nodes", nodes >= 1 && nodes <= MOST_NODES, "is a number from 1 to " + MOST_NODES);
        require("--server", server != null && server.getHost() != null && server.getPort() > 0, "is http://HOST:PORT");
        require("--org", org != null, "is needed");
        require("--key", key != null, "is needed");
        require(
                "--first",
                first >= 1 && first + nodes - 1 <= MOST_NODES,
                "and --nodes lead to names above " + MOST_NODES);
        require("--ramp", ramp >= 0, "is not negative");
        require("--reconnect-pause", reconnectPauseMillis >= 1, "is at least 1");
        require("--config-connections", configConnections >= 1, "is at least 1");
        require("--event-loops", eventLoops >= 1, "is at least 1");
        require("--report-every", reportEveryMillis >= 1, "is at least 1");
        Kind kind = choice("--mode", mode, Kind.class);
        Subscription sub = subscription
                .map(text -> choice("--sub", text, Subscription.class))
                .orElse(kind.needsOwnSubscription() ? Subscription.OWN : Subscription.SHARED);
        Protocol spoken = protocol(protocol);
        require("--protocol", kind != Kind.DEAF || spoken == Protocol.PLAIN, "is 2.0 with --mode deaf");
        require(
                "--sub",
                !kind.needsOwnSubscription() || sub == Subscription.OWN,
                "is own with --mode roaming and deaf");
        try {
            return new FleetSettings(
                    URI.create("http://" + server.getAuthority() + "/organizations/" + org),
                    PemKeys.privateKey(Files.readString(key)),
                    nodes,
                    new NodeNames(prefix, first),
                    kind,
                    spoken,
                    sub,
                    argument("--behaviour", () -> Cast.parse(behaviour)),
                    ramp,
                    Duration.ofMillis(reconnectPauseMillis),
                    configConnections,
                    eventLoops);
        } catch (IOException | InvalidKeyTextException e) {
            throw new CannotRunException("the key cannot be read from " + key + ": " + e.getMessage());
        }
    }

    private Protocol protocol(String text) {
        return switch (text) {
            case AgentEnvelope.PROTOCOL_VERSION -> Protocol.PLAIN;
            case AgentEnvelope.EXTENDED_PROTOCOL_VERSION -> Protocol.EXTENDED;
            default -> throw new ParameterException(spec.commandLine(), "--protocol cannot be '" + text + "'");
        };
    }

    private void require(String option, boolean fine, String rule) {
        if (!fine) {
            throw new ParameterException(spec.commandLine(), option + " " + rule);
        }
    }

    private <E extends Enum<E>> E choice(String option, String text, Class<E> choices) {
        for (E choice : choices.getEnumConstants()) {
            if (choice.name().equalsIgnoreCase(text)) {
                return choice;
            }
        }
        throw new ParameterException(spec.commandLine(), option + " cannot be '" + text + "'");
    }

    private <T> T argument(String option, Supplier<T> parser) {
        try {
            return parser.get();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), option + ": " + e.getMessage());
        }
    }
}
