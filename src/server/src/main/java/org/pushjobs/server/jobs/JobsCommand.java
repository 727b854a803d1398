package org.pushjobs.server.jobs;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.cluster.StandAloneVertx;
import org.pushjobs.server.store.Database;
import org.pushjobs.server.store.FencedWrites;
import org.pushjobs.server.store.JobStore;
import org.pushjobs.server.time.Schedule;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/**
 * The command line that looks after jobs in the database, whether servers run or not.
 *
 * <p>Ends with 0 when done, 1 when the database does not answer, 2 when the arguments are wrong.
 */
@Command(
        name = "jobs",
        description = "Looks after jobs in the database.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = JobsCommand.Purge.class)
public final class JobsCommand implements Runnable {
    private static final Duration DATABASE_TIMEOUT = Duration.ofSeconds(30);

    private final Supplier<DatabaseConfig> config;

    @Spec
    private CommandSpec spec;

    /** @param config where the database is; asked once a command is to be carried out */
    public JobsCommand(Supplier<DatabaseConfig> config) {
        this.config = Objects.requireNonNull(config, "config");
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    /** {@code jobs purge} */
    @Command(
            name = "purge",
            description = "Deletes jobs that have ended, with their events and output, in small portions."
                    + " Jobs that go on are left alone.")
    static final class Purge implements Callable<Integer> {
        private static final int MOST_DAYS = 36_500;

        @ParentCommand
        private JobsCommand jobs;

        @Spec
        private CommandSpec spec;

        @Option(
                names = "--older-than",
                paramLabel = "DAYS",
                required = true,
                description =
                        "Only those that ended so many days ago, by the database's clock; 0 for all. From 0 to 36500.")
        private int days;

        @Override
        public Integer call() {
            if (days < 0 || days > MOST_DAYS) {
                throw new ParameterException(
                        spec.commandLine(), "--older-than is " + days + ", and has to be from 0 to " + MOST_DAYS);
            }
            try {
                int deleted = jobs.delete(Duration.ofDays(days));
                spec.commandLine().getOut().println("jobs deleted: " + deleted);
                spec.commandLine().getOut().flush();
                return 0;
            } catch (ServerException e) {
                spec.commandLine().getErr().println(e.getMessage());
                spec.commandLine().getErr().flush();
                return 1;
            }
        }
    }

    private int delete(Duration olderThan) {
        Vertx vertx = StandAloneVertx.build(Vertx.builder());
        Database database = Database.join(vertx, config.get());
        try {
            database.ready().await(DATABASE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            Promise<Integer> deleted = Promise.promise();
            JobRetention retention = new JobRetention(
                    Schedule.of(vertx),
                    new JobStore(database.pool()),
                    (endedBefore, limit) -> FencedWrites.deleteEndedInAnyTerm(database.writes(), endedBefore, limit),
                    olderThan);
            vertx.getOrCreateContext().runOnContext(_ -> retention.purge().onComplete(deleted));
            return deleted.future().await();
        } catch (TimeoutException e) {
            throw ServerException.unavailable("the database does not answer, the log says why");
        } finally {
            close(database.close().eventually(vertx::close));
        }
    }

    private static void close(Future<Void> closing) {
        try {
            closing.await(DATABASE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw ServerException.unavailable("the database does not stop");
        }
    }
}
