package org.pushjobs.server.directory;

import java.util.concurrent.Callable;
import org.pushjobs.server.store.DirectoryChange;
import org.pushjobs.server.store.DirectoryChange.InGroup;
import org.pushjobs.server.store.DirectoryStore.MemberType;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Who is in a group. */
abstract sealed class GroupMemberCommands implements Callable<Integer> {
    @ParentCommand
    private DirectoryCommand directory;

    @Parameters(index = "0", paramLabel = "ORG", converter = Names.OrganisationName.class)
    private String org;

    @Parameters(index = "1", paramLabel = "GROUP", converter = Names.Name.class)
    private String group;

    @ArgGroup(multiplicity = "1")
    private Member member;

    @Mixin
    private ConfirmOption confirm;

    private static final class Member {
        @Option(names = "--user", paramLabel = "NAME", required = true, converter = Names.Name.class)
        private String user;

        @Option(names = "--client", paramLabel = "NAME", required = true, converter = Names.Name.class)
        private String client;

        @Option(names = "--group", paramLabel = "NAME", required = true, converter = Names.Name.class)
        private String group;

        InGroup in(String org, String name) {
            if (user != null) {
                return new InGroup(org, name, MemberType.USER, user);
            }
            return client == null
                    ? new InGroup(org, name, MemberType.GROUP, group)
                    : new InGroup(org, name, MemberType.CLIENT, client);
        }
    }

    abstract DirectoryChange change(InGroup who);

    @Override
    public final Integer call() {
        return directory.execute(work -> work.make(change(member.in(org, group)), confirm.consent()));
    }

    /** {@code group-add ORG GROUP (--user|--client|--group) NAME} */
    @Command(
            name = "group-add",
            description =
                    "Puts a user, a client or another group into a group, which is created when there is none. The groups"
                            + " 'pushy_job_writers' and 'pushy_job_readers' say who may start and see jobs; as soon as there"
                            + " is one, nobody else may.")
    static final class Add extends GroupMemberCommands {
        @Override
        DirectoryChange change(InGroup who) {
            return new DirectoryChange.AddToGroup(who);
        }
    }

    /** {@code group-remove ORG GROUP (--user|--client|--group) NAME} */
    @Command(
            name = "group-remove",
            description = "Takes a user, a client or another group out of a group, which stays though it may be empty.")
    static final class Remove extends GroupMemberCommands {
        @Override
        DirectoryChange change(InGroup who) {
            return new DirectoryChange.RemoveFromGroup(who);
        }
    }
}
