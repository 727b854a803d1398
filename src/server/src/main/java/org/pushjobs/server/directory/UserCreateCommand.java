package org.pushjobs.server.directory;

import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.Callable;
import org.pushjobs.server.store.DirectoryChange;
import org.pushjobs.server.store.DirectoryChange.Rank;
import org.pushjobs.server.store.DirectoryChanges.Consent;
import org.pushjobs.server.store.DirectoryKey;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code user-create NAME} */
@Command(name = "user-create", description = "Creates a user, with a new key or a given one.")
final class UserCreateCommand implements Callable<Integer> {
    @ParentCommand
    private DirectoryCommand directory;

    @Parameters(paramLabel = "NAME", converter = Names.Name.class)
    private String name;

    @Mixin
    private KeyOptions key;

    @ArgGroup(exclusive = false)
    private Membership membership;

    private static final class Membership {
        @Option(
                names = "--org",
                paramLabel = "ORG",
                required = true,
                converter = Names.OrganisationName.class,
                description = "Make the user a member of this organisation.")
        private String org;

        @Option(names = "--admin", description = "Put the user into the organisation's group 'admins' as well.")
        private boolean admin;
    }

    @Override
    public Integer call() {
        return directory.execute(work -> key.use(name, publicKey -> create(work, publicKey)));
    }

    private Future<String> create(DirectoryWork work, String publicKey) {
        DirectoryChange created = new DirectoryChange.CreateUser(name, DirectoryKey.first(publicKey));
        if (membership == null) {
            return work.make(created);
        }
        return work.make(
                        List.of(
                                created,
                                new DirectoryChange.AddMember(
                                        membership.org, name, membership.admin ? Rank.ADMIN : Rank.MEMBER)),
                        Consent.NOT_GIVEN)
                .map("created user '" + name + "', a member of organisation '" + membership.org + "'");
    }
}
