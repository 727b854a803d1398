package org.pushjobs.server.directory;

import java.util.concurrent.Callable;
import org.pushjobs.server.store.DirectoryChange;
import org.pushjobs.server.store.DirectoryChange.Rank;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code org-user-add ORG USER} */
@Command(name = "org-user-add", description = "Makes a user a member of an organisation.")
final class OrgUserAddCommand implements Callable<Integer> {
    @ParentCommand
    private DirectoryCommand directory;

    @Parameters(index = "0", paramLabel = "ORG", converter = Names.OrganisationName.class)
    private String org;

    @Parameters(index = "1", paramLabel = "USER", converter = Names.Name.class)
    private String user;

    @Option(names = "--admin", description = "Put the user into the group 'admins' as well.")
    private boolean admin;

    @Override
    public Integer call() {
        return directory.execute(
                work -> work.make(new DirectoryChange.AddMember(org, user, admin ? Rank.ADMIN : Rank.MEMBER)));
    }
}
