package org.pushjobs.server.directory;

import java.util.concurrent.Callable;
import org.pushjobs.server.store.DirectoryChange;
import org.pushjobs.server.store.DirectoryChange.State;
import org.pushjobs.server.store.KeyHolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** What is done to a client that is there. */
abstract sealed class ClientCommands implements Callable<Integer> {
    @ParentCommand
    private DirectoryCommand directory;

    @Parameters(index = "0", paramLabel = "ORG", converter = Names.OrganisationName.class)
    private String org;

    @Parameters(index = "1", paramLabel = "NAME", converter = Names.Name.class)
    private String name;

    @Mixin
    private ConfirmOption confirm;

    abstract DirectoryChange change(KeyHolder client);

    @Override
    public final Integer call() {
        return directory.execute(work -> work.make(change(new KeyHolder.Client(org, name)), confirm.consent()));
    }

    /** {@code client-delete ORG NAME} */
    @Command(
            name = "client-delete",
            description =
                    "Deletes a client (node) of an organisation. Its agent is disconnected at once and gets no more commands;"
                            + " what it runs at this moment goes on, and a job that waits for it sees it go down.")
    static final class Delete extends ClientCommands {
        @Override
        DirectoryChange change(KeyHolder client) {
            return new DirectoryChange.Delete(client);
        }
    }

    /** {@code client-disable ORG NAME} */
    @Command(
            name = "client-disable",
            description = "Disconnects a client's agent as client-delete does, and keeps its keys for client-enable.")
    static final class Disable extends ClientCommands {
        @Override
        DirectoryChange change(KeyHolder client) {
            return new DirectoryChange.Switch(client, State.DISABLED);
        }
    }

    /** {@code client-enable ORG NAME} */
    @Command(name = "client-enable", description = "Takes client-disable back; its agent comes again by itself.")
    static final class Enable extends ClientCommands {
        @Override
        DirectoryChange change(KeyHolder client) {
            return new DirectoryChange.Switch(client, State.ENABLED);
        }
    }
}
