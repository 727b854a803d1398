package org.pushjobs.server.secrets;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.pushjobs.config.ServerConfig;
import org.pushjobs.config.files.ConfigException;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.cluster.StandAloneVertx;
import org.pushjobs.server.store.ClusterStore;
import org.pushjobs.server.store.Database;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command line that changes the keys of a cluster (docs/configuration.md, "Secrets"). It works on the secrets file and the
 * database, whether servers run or not; servers that run go on with the old keys until they are restarted.
 *
 * <p>Ends with 0 when done, 1 when it was refused or the database does not answer, 2 when the arguments are wrong.
 */
@Command(
        name = "secrets",
        description = "Changes the keys that all servers of a cluster share.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {RotateCommand.class, AdoptCommand.class})
public final class SecretsCommand implements Runnable {
    private static final Duration DATABASE_TIMEOUT = Duration.ofSeconds(30);

    private final Supplier<ServerConfig> config;

    @Spec
    private CommandSpec spec;

    /** @param config asked once a command is to be carried out */
    public SecretsCommand(Supplier<ServerConfig> config) {
        this.config = Objects.requireNonNull(config, "config");
    }

    /** One of the commands. */
    @FunctionalInterface
    interface Action {
        /** Blocks until it is done; its result is shown. */
        String perform(ServerConfig config, Cluster cluster) throws ConfigException;
    }

    /** The cluster as the database has it. */
    static final class Cluster {
        private final ClusterStore store;

        private Cluster(ClusterStore store) {
            this.store = store;
        }

        /** Waits for the answer. */
        <T> T ask(Function<ClusterStore, Future<T>> question) {
            return answer(question.apply(store));
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    /** Carries it out and shows what came of it; returns the command's exit status. */
    int execute(Action action) {
        try {
            spec.commandLine().getOut().println(perform(config.get(), action));
            spec.commandLine().getOut().flush();
            return 0;
        } catch (ServerException | ConfigException e) {
            spec.commandLine().getErr().println(e.getMessage());
            spec.commandLine().getErr().flush();
            return 1;
        }
    }

    private static String perform(ServerConfig config, Action action) throws ConfigException {
        Vertx vertx = StandAloneVertx.build(Vertx.builder());
        Database database = Database.join(vertx, config.database());
        try {
            answer(database.ready());
            return action.perform(config, new Cluster(new ClusterStore(database.pool())));
        } finally {
            answer(database.close().eventually(vertx::close));
        }
    }

    private static <T> T answer(Future<T> future) {
        try {
            return future.await(DATABASE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw ServerException.unavailable("the database does not answer, the log says why");
        }
    }

    /** What everybody has to know about new keys. */
    static String consequences(int liveJobs) {
        return """
                Servers that run go on with the old keys. Now:
                  1. copy the secrets file to the other servers of the cluster; one with another file will not start
                  2. wait for the jobs that go on at the moment: %d
                  3. restart all servers
                With the restart agents cannot read what the server sends. After 3 heartbeat intervals of silence they fetch their
                configuration again, with the new keys; Ruby agents that run a command do it when the command has ended. Jobs
                that go on across the restart lose their nodes: their commands end, but the results cannot be checked and the
                nodes become crashed.""".formatted(liveJobs);
    }
}
