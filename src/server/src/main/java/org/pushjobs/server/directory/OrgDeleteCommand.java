package org.pushjobs.server.directory;

import java.util.concurrent.Callable;
import org.pushjobs.server.store.DirectoryChange;
import org.pushjobs.server.store.DirectoryChange.LiveJobs;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code org-delete NAME} */
@Command(
        name = "org-delete",
        description = "Deletes an organisation with its clients, groups, memberships and jobs. Users stay, without it."
                + " Its agents are disconnected. Broken off, it can be repeated.")
final class OrgDeleteCommand implements Callable<Integer> {
    @ParentCommand
    private DirectoryCommand directory;

    @Parameters(paramLabel = "NAME", converter = Names.OrganisationName.class)
    private String name;

    @Mixin
    private ConfirmOption confirm;

    @Option(
            names = "--abandon-jobs",
            description = "Do it although jobs go on: they lose their nodes, where the commands run on, and nobody"
                    + " hears how they end. 'jobs purge' deletes what is left of them.")
    private boolean abandonsJobs;

    @Override
    public Integer call() {
        LiveJobs live = abandonsJobs ? LiveJobs.ABANDONED : LiveJobs.REFUSED;
        return directory.execute(
                work -> work.delete(new DirectoryChange.DeleteOrganisation(name, confirm.consent(), live)));
    }
}
