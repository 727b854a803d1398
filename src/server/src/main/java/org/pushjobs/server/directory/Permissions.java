package org.pushjobs.server.directory;

import io.vertx.core.Future;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Who may do what in an organisation (request-signing.md, "Permissions"). Groups within groups count, however they are
 * nested. Usable from any thread; fails when the directory does.
 */
public final class Permissions {
    private static final String READERS = "pushy_job_readers";
    private static final String WRITERS = "pushy_job_writers";
    private static final String ADMINS = "admins";

    private final Directory directory;

    public Permissions(Directory directory) {
        this.directory = Objects.requireNonNull(directory, "directory");
    }

    /**
     * Whether the principal may see jobs and nodes: as one of the readers or, where there is no such group, as anyone of
     * the organisation.
     *
     * @param principal as the directory gave it for this organisation
     */
    public Future<Boolean> canRead(String orgName, Principal principal) {
        return directory
                .group(orgName, READERS)
                .compose(readers -> readers.map(group -> isMember(orgName, group, READERS, principal))
                        .orElseGet(() -> Future.succeededFuture(principal.orgMember())));
    }

    /**
     * Whether the principal may start jobs: as one of the writers or, where there is no such group, as one of the admins.
     *
     * @param principal as the directory gave it for this organisation
     */
    public Future<Boolean> canWrite(String orgName, Principal principal) {
        return directory
                .group(orgName, WRITERS)
                .compose(writers -> writers.map(group -> isMember(orgName, group, WRITERS, principal))
                        .orElseGet(() -> isAdmin(orgName, principal)));
    }

    private Future<Boolean> isAdmin(String orgName, Principal principal) {
        return directory
                .group(orgName, ADMINS)
                .compose(admins -> admins.map(group -> isMember(orgName, group, ADMINS, principal))
                        .orElse(Future.succeededFuture(false)));
    }

    private Future<Boolean> isMember(String orgName, Group group, String groupName, Principal principal) {
        return isMember(orgName, List.of(group), new HashSet<>(Set.of(groupName)), principal);
    }

    /** Looks into the groups and then, all at once, into the groups in them that have not been seen yet. */
    private Future<Boolean> isMember(String orgName, List<Group> groups, Set<String> seen, Principal principal) {
        if (groups.stream().anyMatch(group -> names(group, principal).contains(principal.name()))) {
            return Future.succeededFuture(true);
        }
        List<Future<Optional<Group>>> nested = groups.stream()
                .flatMap(group -> group.groups().stream())
                .filter(seen::add)
                .map(name -> directory.group(orgName, name))
                .toList();
        if (nested.isEmpty()) {
            return Future.succeededFuture(false);
        }
        return Future.all(nested)
                .compose(_ -> isMember(
                        orgName,
                        nested.stream()
                                .flatMap(found -> found.result().stream())
                                .toList(),
                        seen,
                        principal));
    }

    private static Set<String> names(Group group, Principal principal) {
        return switch (principal.type()) {
            case USER -> group.users();
            case CLIENT -> group.clients();
        };
    }
}
