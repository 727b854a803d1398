package org.pushjobs.server.directory;

import java.util.concurrent.Callable;
import org.pushjobs.server.store.DirectoryStore.MemberType;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code group-add ORG GROUP (--user|--client|--group) NAME} */
@Command(
        name = "group-add",
        description =
                "Puts a user, a client or another group into a group, which is created when there is none. The groups"
                        + " 'pushy_job_writers' and 'pushy_job_readers' say who may start and see jobs.")
final class GroupAddCommand implements Callable<Integer> {
    @ParentCommand
    private DirectoryCommand directory;

    @Parameters(index = "0", paramLabel = "ORG", converter = Names.OrganisationName.class)
    private String org;

    @Parameters(index = "1", paramLabel = "GROUP", converter = Names.Name.class)
    private String group;

    @ArgGroup(multiplicity = "1")
    private Member member;

    private static final class Member {
        @Option(names = "--user", paramLabel = "NAME", required = true, converter = Names.Name.class)
        private String user;

        @Option(names = "--client", paramLabel = "NAME", required = true, converter = Names.Name.class)
        private String client;

        @Option(names = "--group", paramLabel = "NAME", required = true, converter = Names.Name.class)
        private String group;

        MemberType type() {
            if (user != null) {
                return MemberType.USER;
            }
            return client == null ? MemberType.GROUP : MemberType.CLIENT;
        }

        String name() {
            return switch (type()) {
                case USER -> user;
                case CLIENT -> client;
                case GROUP -> group;
            };
        }
    }

    @Override
    public Integer call() {
        return directory.execute(store -> store.addToGroup(org, group, member.type(), member.name())
                .map("'" + member.name() + "' is in group '" + group + "' of organisation '" + org + "'"));
    }
}
