package org.pushjobs.server.directory;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code client-delete ORG NAME} */
@Command(
        name = "client-delete",
        description =
                "Deletes a client (node) of an organisation. Its agent is disconnected at once and gets no more commands;"
                        + " what it runs at this moment goes on, and a job that waits for it sees it go down.")
final class ClientDeleteCommand implements Callable<Integer> {
    @ParentCommand
    private DirectoryCommand directory;

    @Parameters(index = "0", paramLabel = "ORG", converter = Names.OrganisationName.class)
    private String org;

    @Parameters(index = "1", paramLabel = "NAME", converter = Names.Name.class)
    private String name;

    @Override
    public Integer call() {
        return directory.execute(store ->
                store.deleteClient(org, name).map("deleted client '" + name + "' of organisation '" + org + "'"));
    }
}
