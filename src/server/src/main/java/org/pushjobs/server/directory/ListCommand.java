package org.pushjobs.server.directory;

import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.pushjobs.server.store.DirectoryStore;
import org.pushjobs.server.store.DirectoryStore.GroupRow;
import org.pushjobs.server.store.DirectoryStore.OrganisationRow;
import org.pushjobs.server.store.DirectoryStore.Principals;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code list} */
@Command(name = "list", description = "Shows the organisations with their members, clients and groups, and all users.")
final class ListCommand implements Callable<Integer> {
    @ParentCommand
    private DirectoryCommand directory;

    @Override
    public Integer call() {
        return directory.execute(work -> Future.all(
                        work.store().organisations().compose(orgs -> describe(work.store(), orgs)), users(work.store()))
                .map(parts -> parts.<String>resultAt(0) + parts.<String>resultAt(1)));
    }

    private static Future<String> users(DirectoryStore store) {
        return store.users().map(users -> "users: " + names(users));
    }

    private static Future<String> describe(DirectoryStore store, List<OrganisationRow> organisations) {
        List<Future<String>> described = organisations.stream()
                .map(organisation -> describe(store, organisation))
                .toList();
        return Future.all(described)
                .map(_ -> described.stream().map(Future::result).collect(Collectors.joining()));
    }

    private static Future<String> describe(DirectoryStore store, OrganisationRow organisation) {
        return store.groups(organisation.name())
                .map(groups -> "organisation: %s [guid: %s]%n  members: %s%n  clients: %s%n%s"
                        .formatted(
                                organisation.name(),
                                organisation.guid(),
                                names(organisation.users()),
                                names(organisation.clients()),
                                groups.stream().map(ListCommand::describe).collect(Collectors.joining())));
    }

    private static String describe(GroupRow group) {
        return "  group %s: users %s, clients %s, groups %s%n"
                .formatted(group.name(), sorted(group.users()), sorted(group.clients()), sorted(group.groups()));
    }

    private static String sorted(Set<String> names) {
        return names(names.stream().sorted().toList());
    }

    private static String names(Principals principals) {
        return names(principals.names().stream()
                .map(name -> principals.disabled().contains(name) ? name + " (disabled)" : name)
                .toList());
    }

    private static String names(List<String> names) {
        return names.isEmpty() ? "none" : String.join(" ", names);
    }
}
