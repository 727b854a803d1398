package org.pushjobs.server.control;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.pushjobs.config.ServerConfig;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.cluster.StandAloneVertx;
import org.pushjobs.server.store.Lease;
import org.pushjobs.server.store.LeaseLook;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/**
 * The command line that asks the server of this machine about its cluster, and has it do something there (docs/ctl.md, "Who runs
 * the jobs").
 *
 * <p>Ends with 0 when done, or all is well; 1 when the server refused or cannot be asked; 2 when the arguments are wrong; 3 when the
 * status has something to look at.
 */
@Command(
        name = "cluster",
        description = "Shows who runs the jobs, and moves them to another server.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ClusterCommand.StatusCommand.class,
            ClusterCommand.PromoteCommand.class,
            ClusterCommand.DrainCommand.class,
            ClusterCommand.UndrainCommand.class
        })
public final class ClusterCommand implements Runnable {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int ATTENTION = 3;
    private static final long DATABASE_SECONDS = 10;

    private final Supplier<ServerConfig> config;

    @Spec
    private CommandSpec spec;

    /** @param config asked once a command is to be carried out */
    public ClusterCommand(Supplier<ServerConfig> config) {
        this.config = Objects.requireNonNull(config, "config");
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    /** {@code cluster status} */
    @Command(name = "status", description = "Shows who runs the jobs, who there is, and what would happen if one died.")
    static final class StatusCommand implements Callable<Integer> {
        @ParentCommand
        private ClusterCommand cluster;

        @Option(names = "--json", description = "For scripts.")
        private boolean json;

        @Override
        public Integer call() {
            JsonObject status = cluster.status();
            if (json) {
                cluster.say(List.of(status.encodePrettily()));
            } else {
                cluster.say(StatusText.of(status));
            }
            return status.getBoolean("good") ? DONE : ATTENTION;
        }
    }

    /** {@code cluster promote} */
    @Command(name = "promote", description = "Makes this server the one that runs the jobs.")
    static final class PromoteCommand implements Callable<Integer> {
        @ParentCommand
        private ClusterCommand cluster;

        @Override
        public Integer call() {
            return cluster.perform(new ControlRequest.Promote());
        }
    }

    /** {@code cluster drain} */
    @Command(
            name = "drain",
            description =
                    "Gets this server out of use: the jobs go to another one, health says draining, agents are told"
                            + " to go, bit by bit. Until undrain, or a restart.")
    static final class DrainCommand implements Callable<Integer> {
        @ParentCommand
        private ClusterCommand cluster;

        @Spec
        private CommandSpec spec;

        @Option(names = "--status", description = "Only say how far it is.")
        private boolean status;

        @Option(
                names = "--force",
                description =
                        "Also when no other server could run the jobs, or serve agents; then nobody runs jobs, and"
                                + " agents stay.")
        private boolean force;

        @Option(
                names = "--per-second",
                paramLabel = "N",
                defaultValue = "100",
                description = "So many agents are told to go, 1 to 10000; ${DEFAULT-VALUE} when not given.")
        private int perSecond;

        @Option(
                names = "--wait",
                paramLabel = "SECONDS",
                description =
                        "Ends when all agents have gone, or after so many seconds, 1 to 86400; then with status 3.")
        private Optional<Integer> wait = Optional.empty();

        @Override
        public Integer call() throws InterruptedException {
            if (status) {
                return cluster.drainStatus();
            }
            ControlRequest request;
            Optional<DrainWatch> watch;
            try {
                request = new ControlRequest.BeginDrain(
                        force ? Drain.WithoutSuccessor.ACCEPTED : Drain.WithoutSuccessor.REFUSED, perSecond);
                watch = wait.map(seconds -> new DrainWatch(
                        cluster::drainLeft, line -> cluster.say(List.of(line)), Duration.ofSeconds(seconds)));
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), e.getMessage(), e);
            }
            int done = cluster.perform(request);
            return watch.isPresent() ? statusOf(watch.get().await()) : done;
        }

        private static int statusOf(DrainWatch.End end) {
            return switch (end) {
                case ALL_GONE -> DONE;
                case TIME_OVER -> ATTENTION;
                case NOT_DRAINED -> FAILED;
            };
        }
    }

    /** {@code cluster undrain} */
    @Command(name = "undrain", description = "Takes this server into use again.")
    static final class UndrainCommand implements Callable<Integer> {
        @ParentCommand
        private ClusterCommand cluster;

        @Override
        public Integer call() {
            return cluster.perform(new ControlRequest.EndDrain());
        }
    }

    private int perform(ControlRequest request) {
        say(List.of(ask(request).getString("outcome")));
        return DONE;
    }

    private JsonObject ask(ControlRequest request) {
        ControlClient.Answer answer;
        try {
            answer = new ControlClient(ControlSocket.beside(config.get())).ask(request);
        } catch (IOException e) {
            throw ServerException.unavailable(e.getMessage());
        }
        if (!answer.isGood()) {
            throw ControlClient.refusal(answer);
        }
        return answer.body();
    }

    private int drainStatus() {
        say(List.of("this server " + StatusText.drain(thisServer()).orElse("is not being drained")));
        return DONE;
    }

    /** How many agents have yet to go; empty when the server is not being drained. */
    private OptionalInt drainLeft() {
        return Stream.ofNullable(thisServer().getJsonObject("drain"))
                .mapToInt(drain -> drain.getInteger(StatusDocument.LEFT))
                .findFirst();
    }

    private JsonObject thisServer() {
        return StatusText.objects(ask(new ControlRequest.Status()).getJsonArray("servers"))
                .filter(server -> server.getBoolean("this"))
                .findFirst()
                .orElseThrow();
    }

    private JsonObject status() {
        try {
            return ask(new ControlRequest.Status());
        } catch (ServerException e) {
            return statusWithout(e.getMessage());
        }
    }

    /** What the database knows when the server of this machine does not answer. */
    private JsonObject statusWithout(String why) {
        Vertx vertx = StandAloneVertx.build(Vertx.builder());
        try {
            Lease lease = LeaseLook.at(vertx, config.get().database()).await(DATABASE_SECONDS, TimeUnit.SECONDS);
            return new JsonObject()
                    .put("good", false)
                    .put("attention", new JsonArray(List.of(why)))
                    .put("lease", StatusDocument.lease(lease));
        } catch (TimeoutException | ServerException e) {
            throw ServerException.unavailable(why + ", and the database does not tell who has the lease: "
                    + (e instanceof TimeoutException ? "no answer in time" : e.getMessage()));
        } finally {
            vertx.close();
        }
    }

    private void say(List<String> lines) {
        PrintWriter out = spec.commandLine().getOut();
        lines.forEach(out::println);
        out.flush();
    }
}
