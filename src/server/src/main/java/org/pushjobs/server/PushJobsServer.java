package org.pushjobs.server;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.config.DirectoryConfig;
import org.pushjobs.config.ServerConfig;
import org.pushjobs.config.check.StartCheck;
import org.pushjobs.config.files.ConfigException;
import org.pushjobs.config.secrets.Secrets;
import org.pushjobs.config.secrets.SecretsFile;
import org.pushjobs.config.settings.ConfigFile;
import org.pushjobs.platform.text.PlatformText;
import org.pushjobs.server.control.ClusterCommand;
import org.pushjobs.server.directory.DirectoryCommand;
import org.pushjobs.server.jobs.JobsCommand;
import org.pushjobs.server.log.LogSettings;
import org.pushjobs.server.metrics.ServerMetrics;
import org.pushjobs.server.secrets.SecretsCommand;
import org.pushjobs.server.store.EmbeddedDatabase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The server's command line. The only class that exits the process: 0 done, 1 cannot run, 2 wrong usage; 143 or 130 when TERM
 * or INT has stopped it.
 */
@Command(
        name = "pushjobs-server",
        description = "Runs commands on many nodes at once, decided by quorum.",
        mixinStandardHelpOptions = true)
public final class PushJobsServer implements Callable<Integer> {
    private static final int CANNOT_RUN = 1;
    private static final long STOP_TIMEOUT_SECONDS = 9;

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "The settings, a JSON file (docs/configuration.md).")
    private Path configFile;

    @Option(names = "--check-config", description = "Say what is wrong with the settings, or list them, and exit.")
    private boolean checkConfig;

    @Option(
            names = "--ready-file",
            paramLabel = "FILE",
            description = "Write the open ports and the process id to this JSON file once everything works.")
    private Optional<Path> readyFile = Optional.empty();

    public static void main(String[] arguments) {
        // first of all, for it kills: until the server runs there is nothing to read again, and commands end by
        // themselves
        Signals.onHup(() -> {});
        PlatformText.problem(arguments).ifPresent(problem -> {
            System.err.println("pushjobs-server: " + problem);
            System.exit(CANNOT_RUN);
        });
        System.setProperty("vertx.logger-delegate-factory-class-name", "io.vertx.core.logging.SLF4JLogDelegateFactory");
        PushJobsServer server = new PushJobsServer();
        CommandLine commandLine = new CommandLine(server);
        commandLine.addSubcommand(new DirectoryCommand(server::databaseConfig));
        commandLine.addSubcommand(new SecretsCommand(server::serverConfig));
        commandLine.addSubcommand(new ClusterCommand(server::serverConfig));
        commandLine.addSubcommand(new JobsCommand(() -> server.serverConfig().database()));
        commandLine.setExecutionExceptionHandler((failure, line, _) -> {
            if (failure instanceof ConfigException || failure instanceof ServerException) {
                line.getErr().println(failure.getMessage());
                return CANNOT_RUN;
            }
            throw failure;
        });
        System.exit(commandLine.execute(arguments));
    }

    private DatabaseConfig databaseConfig() {
        ServerConfig config = serverConfig();
        return switch (config.directory()) {
            case DirectoryConfig.Standalone _ -> config.database();
            case DirectoryConfig.ChefServer chefServer ->
                throw new ServerException(
                        409,
                        "the setting directory is chef_server: organisations, users, clients and groups are kept by"
                                + " the Chef server at " + chefServer.rootUrl() + "; manage them there");
        };
    }

    private ServerConfig serverConfig() {
        try {
            return readConfig().config();
        } catch (ConfigException e) {
            throw new ServerException(400, e.getMessage());
        }
    }

    private ConfigFile readConfig() throws ConfigException {
        if (configFile == null) {
            throw new ParameterException(spec.commandLine(), "Missing required option: '--config=FILE'");
        }
        return ConfigFile.read(configFile);
    }

    @Override
    public Integer call() throws ConfigException, InterruptedException {
        ConfigFile file = readConfig();
        PrintWriter out = spec.commandLine().getOut();
        StartCheck check = new StartCheck(file.config());
        List<String> problems = new ArrayList<>(check.problems());
        if (checkConfig) {
            Stream.concat(file.warnings().stream(), inUse(file.config(), check))
                    .forEach(warning -> out.println("warning: " + warning));
            problems.forEach(problem -> out.println("error: " + configFile + ": " + problem));
            out.print(file.describe());
            out.flush();
            return problems.isEmpty() ? 0 : CANNOT_RUN;
        }
        problems.addAll(check.portsInUse());
        if (!problems.isEmpty()) {
            problems.forEach(problem -> spec.commandLine().getErr().println(configFile + ": " + problem));
            spec.commandLine().getErr().flush();
            return CANNOT_RUN;
        }
        LogSettings logSettings = LogSettings.ofEnvironment();
        logSettings.apply(file);
        boolean newSecrets = Files.notExists(file.config().secretsFile());
        Secrets secrets = SecretsFile.loadOrCreate(file.config().secretsFile());
        if (newSecrets) {
            LoggerFactory.getLogger(PushJobsServer.class)
                    .warn(
                            "new secrets were made, the file was not there: agents that knew others fetch their"
                                    + " configuration again; back it up [file: {}]",
                            file.config().secretsFile());
        }
        return run(file, secrets, logSettings);
    }

    /** What a server that runs has, be it this one. */
    private static Stream<String> inUse(ServerConfig config, StartCheck check) {
        Stream<String> ports = check.portsInUse().stream();
        return switch (config.database()) {
            case DatabaseConfig.External _, DatabaseConfig.Replicated _ -> ports;
            case DatabaseConfig.Embedded embedded ->
                Stream.concat(ports, EmbeddedDatabase.usedByServer(embedded).stream());
        };
    }

    private int run(ConfigFile file, Secrets secrets, LogSettings logSettings) throws InterruptedException {
        Logger log = LoggerFactory.getLogger(PushJobsServer.class);
        Signals.onHup(new Reload(configFile, file, logSettings));
        file.warnings().forEach(warning -> log.warn("settings: {}", warning));
        ServerMetrics metrics = new ServerMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
        Future<Server> opening = Server.open(file.config(), secrets, metrics, Clock.systemUTC());
        CompletableFuture<Integer> exit = new CompletableFuture<>();
        AtomicBoolean stopping = new AtomicBoolean();
        Thread onSignal = new Thread(
                () -> {
                    stopping.set(true);
                    exitWhenStopped(opening, log, exit);
                },
                "stop");
        Runtime.getRuntime().addShutdownHook(onSignal);
        opening.compose(Server::start).onSuccess(ports -> ready(ports, log)).onFailure(failure -> {
            // told to stop before it was ready, it has no reason but that
            if (!stopping.get()) {
                log.error("the server cannot run: {}", failure.getMessage());
                exit.complete(CANNOT_RUN);
            }
        });
        return exit.join();
    }

    private void ready(Server.Ports ports, Logger log) {
        log.info(
                "server ready [api port: {}, heartbeat port: {}, command port: {}, management port: {}]",
                ports.api(),
                ports.heartbeat(),
                ports.command(),
                ports.management());
        readyFile.ifPresent(path -> {
            try {
                ReadyFile.write(path, ports);
            } catch (IOException e) {
                log.warn("the ready file could not be written [file: {}, error: {}]", path, e.getMessage());
            }
        });
    }

    /** Runs as the shutdown hook: after TERM or INT, and after a failed start. */
    private static void exitWhenStopped(Future<Server> opening, Logger log, CompletableFuture<Integer> exit) {
        log.info("server stops");
        try {
            opening.toCompletionStage()
                    .thenCompose(Server::stop)
                    .toCompletableFuture()
                    .get(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS);
            log.info("server stopped");
        } catch (ExecutionException | TimeoutException e) {
            log.warn("the server did not stop cleanly [error: {}]", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exit.complete(0);
    }
}
