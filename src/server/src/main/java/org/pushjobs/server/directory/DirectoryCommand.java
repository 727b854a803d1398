package org.pushjobs.server.directory;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.cluster.StandAloneVertx;
import org.pushjobs.server.store.Database;
import org.pushjobs.server.store.LockOutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command line that manages the organisations, users, clients and groups of a server without a Chef server. It works
 * on the server's database, whether the server runs or not; an embedded database is started for the moment when it does
 * not run.
 *
 * <p>Ends with 0 when done, 1 when it was refused or the database does not answer, 2 when the arguments are wrong.
 */
@Command(
        name = "directory",
        description = "Manages the organisations, users, clients and groups of a server without a Chef server.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            OrgCreateCommand.class,
            OrgDeleteCommand.class,
            OrgUserAddCommand.class,
            OrgUserRemoveCommand.class,
            UserCreateCommand.class,
            UserCommands.Delete.class,
            UserCommands.Disable.class,
            UserCommands.Enable.class,
            ClientCreateCommand.class,
            ClientCommands.Delete.class,
            ClientCommands.Disable.class,
            ClientCommands.Enable.class,
            KeyCommands.ListAll.class,
            KeyCommands.Add.class,
            KeyCommands.Remove.class,
            KeyCommands.Expire.class,
            KeyCommands.Rotate.class,
            GroupMemberCommands.Add.class,
            GroupMemberCommands.Remove.class,
            GroupDeleteCommand.class,
            ApplyCommand.class,
            ListCommand.class
        })
public final class DirectoryCommand implements Runnable {
    private static final Duration DATABASE_TIMEOUT = Duration.ofSeconds(30);
    /** A fleet is put in by portions. */
    private static final Duration WORK_TIMEOUT = Duration.ofMinutes(5);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

    private final Supplier<DatabaseConfig> config;

    @Spec
    private CommandSpec spec;

    /** @param config where the database is; asked once a command is to be carried out */
    public DirectoryCommand(Supplier<DatabaseConfig> config) {
        this.config = Objects.requireNonNull(config, "config");
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    /**
     * Does something with the directory and waits until it is done.
     *
     * @param action called on this thread, so it may block; its result is shown
     * @return the command's exit status
     */
    int execute(Function<DirectoryWork, Future<String>> action) {
        try {
            String answer = perform(config.get(), action);
            spec.commandLine().getOut().println(answer);
            spec.commandLine().getOut().flush();
            return 0;
        } catch (ServerException e) {
            spec.commandLine().getErr().println(e.getMessage() + hint(e));
            spec.commandLine().getErr().flush();
            return 1;
        }
    }

    private static String hint(ServerException refusal) {
        return refusal instanceof LockOutException
                ? " If it is meant so, repeat the command with " + ConfirmOption.NAME + "; nothing was changed."
                : "";
    }

    private static String perform(DatabaseConfig config, Function<DirectoryWork, Future<String>> action) {
        Vertx vertx = StandAloneVertx.build(Vertx.builder());
        Database database = Database.join(vertx, config);
        try {
            database.ready().await(DATABASE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            return action.apply(DirectoryWork.in(database)).await(WORK_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw ServerException.unavailable("the database does not answer, the log says why");
        } finally {
            close(database.close().eventually(vertx::close));
        }
    }

    private static void close(Future<Void> closing) {
        try {
            closing.await(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw ServerException.unavailable("the database does not stop");
        }
    }
}
