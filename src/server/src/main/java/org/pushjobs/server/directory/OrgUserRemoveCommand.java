package org.pushjobs.server.directory;

import java.util.concurrent.Callable;
import org.pushjobs.server.store.DirectoryChange;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code org-user-remove ORG USER} */
@Command(name = "org-user-remove", description = "Takes a user out of an organisation and of all its groups.")
final class OrgUserRemoveCommand implements Callable<Integer> {
    @ParentCommand
    private DirectoryCommand directory;

    @Parameters(index = "0", paramLabel = "ORG", converter = Names.OrganisationName.class)
    private String org;

    @Parameters(index = "1", paramLabel = "USER", converter = Names.Name.class)
    private String user;

    @Mixin
    private ConfirmOption confirm;

    @Override
    public Integer call() {
        return directory.execute(work -> work.make(new DirectoryChange.RemoveMember(org, user), confirm.consent()));
    }
}
