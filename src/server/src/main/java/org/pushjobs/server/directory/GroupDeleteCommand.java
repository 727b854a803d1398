package org.pushjobs.server.directory;

import java.util.concurrent.Callable;
import org.pushjobs.server.store.DirectoryChange;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code group-delete ORG GROUP} */
@Command(
        name = "group-delete",
        description = "Deletes a group. Without 'pushy_job_writers' the members of 'admins' may start jobs, without"
                + " 'pushy_job_readers' everybody may see what the setting read_access says.")
final class GroupDeleteCommand implements Callable<Integer> {
    @ParentCommand
    private DirectoryCommand directory;

    @Parameters(index = "0", paramLabel = "ORG", converter = Names.OrganisationName.class)
    private String org;

    @Parameters(index = "1", paramLabel = "GROUP", converter = Names.Name.class)
    private String group;

    @Mixin
    private ConfirmOption confirm;

    @Override
    public Integer call() {
        return directory.execute(work -> work.make(new DirectoryChange.DeleteGroup(org, group), confirm.consent()));
    }
}
