package org.pushjobs.server.directory;

import java.util.concurrent.Callable;
import org.pushjobs.server.store.DirectoryChange;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code org-create NAME} */
@Command(name = "org-create", description = "Creates an organisation and its group 'admins'.")
final class OrgCreateCommand implements Callable<Integer> {
    @ParentCommand
    private DirectoryCommand directory;

    @Parameters(paramLabel = "NAME", converter = Names.OrganisationName.class)
    private String name;

    @Override
    public Integer call() {
        Organisation created = Organisation.create(name);
        return directory.execute(work -> work.make(new DirectoryChange.CreateOrganisation(name, created.guid())));
    }
}
