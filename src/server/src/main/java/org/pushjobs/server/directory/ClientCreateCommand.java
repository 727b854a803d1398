package org.pushjobs.server.directory;

import java.util.concurrent.Callable;
import org.pushjobs.server.store.DirectoryChange;
import org.pushjobs.server.store.DirectoryKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code client-create ORG NAME} */
@Command(
        name = "client-create",
        description = "Creates a client (node) of an organisation, with a new key or a given one.")
final class ClientCreateCommand implements Callable<Integer> {
    @ParentCommand
    private DirectoryCommand directory;

    @Parameters(index = "0", paramLabel = "ORG", converter = Names.OrganisationName.class)
    private String org;

    @Parameters(index = "1", paramLabel = "NAME", converter = Names.Name.class)
    private String name;

    @Mixin
    private KeyOptions key;

    @Override
    public Integer call() {
        return directory.execute(work -> key.use(
                name,
                publicKey -> work.make(new DirectoryChange.CreateClient(org, name, DirectoryKey.first(publicKey)))));
    }
}
