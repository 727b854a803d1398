package org.pushjobs.server.directory;

import java.util.concurrent.Callable;
import org.pushjobs.server.store.DirectoryChange;
import org.pushjobs.server.store.DirectoryChange.State;
import org.pushjobs.server.store.KeyHolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** What is done to a user who is there. */
abstract sealed class UserCommands implements Callable<Integer> {
    @ParentCommand
    private DirectoryCommand directory;

    @Parameters(paramLabel = "NAME", converter = Names.Name.class)
    private String name;

    @Mixin
    private ConfirmOption confirm;

    abstract DirectoryChange change(KeyHolder user);

    @Override
    public final Integer call() {
        return directory.execute(work -> work.make(change(new KeyHolder.User(name)), confirm.consent()));
    }

    /** {@code user-delete NAME} */
    @Command(
            name = "user-delete",
            description =
                    "Deletes a user with all keys, out of all organisations. Agents whose configuration he has fetched"
                            + " are disconnected.")
    static final class Delete extends UserCommands {
        @Override
        DirectoryChange change(KeyHolder user) {
            return new DirectoryChange.Delete(user);
        }
    }

    /** {@code user-disable NAME} */
    @Command(
            name = "user-disable",
            description =
                    "Makes a user's keys count for nothing until user-enable. He stays in his organisations and groups.")
    static final class Disable extends UserCommands {
        @Override
        DirectoryChange change(KeyHolder user) {
            return new DirectoryChange.Switch(user, State.DISABLED);
        }
    }

    /** {@code user-enable NAME} */
    @Command(name = "user-enable", description = "Takes user-disable back.")
    static final class Enable extends UserCommands {
        @Override
        DirectoryChange change(KeyHolder user) {
            return new DirectoryChange.Switch(user, State.ENABLED);
        }
    }
}
