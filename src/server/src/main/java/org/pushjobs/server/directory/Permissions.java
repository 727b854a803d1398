package org.pushjobs.server.directory;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.pushjobs.config.ReadAccess;
import org.pushjobs.server.ServerException;

/**
 * Who may do what in an organisation (request-signing.md, "Permissions"). Groups within groups count, however they are
 * nested, up to {@value #MAX_GROUPS} of them: beyond that nothing is decided and the question fails. Usable from any
 * thread; fails when the directory does.
 */
public final class Permissions {
    private static final String READERS = "pushy_job_readers";
    private static final String WRITERS = "pushy_job_writers";
    private static final String ADMINS = "admins";
    private static final int MAX_GROUPS = 500;
    private static final int LOOK_UPS_AT_ONCE = 16;

    private final Directory directory;
    private final ReadAccess readAccess;

    /** @param readAccess what members of an organisation may read that has no group of readers */
    public Permissions(Directory directory, ReadAccess readAccess) {
        this.directory = Objects.requireNonNull(directory, "directory");
        this.readAccess = Objects.requireNonNull(readAccess, "readAccess");
    }

    /** The same, by {@link Directory#recent}. */
    public Permissions recent() {
        return new Permissions(directory.recent(), readAccess);
    }

    /** The same, by {@link Directory#present}. */
    public Permissions present() {
        return new Permissions(directory.present(), readAccess);
    }

    /**
     * Whether the principal may see jobs and nodes: as one of the readers or, where there is no such group, as anyone of
     * the organisation, but as a client of it only where that is not restricted to those that may start jobs.
     *
     * @param principal as the directory gave it for this organisation
     */
    public Future<Boolean> canRead(String orgName, Principal principal) {
        return directory
                .group(orgName, READERS)
                .compose(readers -> readers.map(group -> isMember(orgName, group, READERS, principal))
                        .orElseGet(() -> canReadWithoutGroup(orgName, principal)));
    }

    private Future<Boolean> canReadWithoutGroup(String orgName, Principal principal) {
        return switch (readAccess) {
            case ORGANIZATION -> Future.succeededFuture(principal.orgMember());
            case RESTRICTED ->
                switch (principal.type()) {
                    case USER -> Future.succeededFuture(principal.orgMember());
                    case CLIENT -> canWrite(orgName, principal);
                };
        };
    }

    /** Whether the principal may see this one node: who may see all may, and the node itself, unless reading is as it was. */
    public Future<Boolean> canReadNode(String orgName, Principal principal, String node) {
        boolean itself =
                principal.type() == Principal.Type.CLIENT && principal.name().equals(node);
        return switch (readAccess) {
            case ORGANIZATION -> canRead(orgName, principal);
            case RESTRICTED -> itself ? Future.succeededFuture(true) : canRead(orgName, principal);
        };
    }

    /** Whether a user may have a key admitted as a node's: as one who may read or, where that is restricted, as an admin. */
    public Future<Boolean> canConfigureNodes(String orgName, Principal user) {
        return switch (readAccess) {
            case ORGANIZATION -> canRead(orgName, user);
            case RESTRICTED -> isAdmin(orgName, user);
        };
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

    /** Whether the principal is one of the organisation's admins. */
    public Future<Boolean> isAdmin(String orgName, Principal principal) {
        return directory
                .group(orgName, ADMINS)
                .compose(admins -> admins.map(group -> isMember(orgName, group, ADMINS, principal))
                        .orElse(Future.succeededFuture(false)));
    }

    private Future<Boolean> isMember(String orgName, Group group, String groupName, Principal principal) {
        return new Search(orgName, groupName, principal).in(group);
    }

    /**
     * Goes through a group and the groups in it until the principal is found; each group is asked for once, some at the
     * same time, and no more than a bounded number in all.
     */
    private final class Search {
        private final String orgName;
        private final String start;
        private final Principal principal;
        private final Set<String> seen = new HashSet<>();
        private final Deque<String> waiting = new ArrayDeque<>();

        private Search(String orgName, String start, Principal principal) {
            this.orgName = orgName;
            this.start = start;
            this.principal = principal;
            seen.add(start);
        }

        private Future<Boolean> in(Group group) {
            return names(group, principal).contains(principal.name())
                    ? Future.succeededFuture(true)
                    : inGroupsOf(List.of(group));
        }

        private Future<Boolean> inGroupsOf(List<Group> groups) {
            for (Group group : groups) {
                group.groups().stream().filter(seen::add).forEach(waiting::addLast);
            }
            if (seen.size() > MAX_GROUPS) {
                return Future.failedFuture(new ServerException(
                        502,
                        "more than " + MAX_GROUPS + " groups are nested in group '" + start + "' of organization '"
                                + orgName + "', too many to search; put users and clients into fewer groups"));
            }
            List<Future<Optional<Group>>> lookUps = new ArrayList<>();
            while (!waiting.isEmpty() && lookUps.size() < LOOK_UPS_AT_ONCE) {
                lookUps.add(directory.group(orgName, waiting.removeFirst()));
            }
            return lookUps.isEmpty()
                    ? Future.succeededFuture(false)
                    : Future.join(lookUps).transform(all -> decide(all, lookUps));
        }

        /** A group that lacks does not matter when the principal is in another. */
        private Future<Boolean> decide(AsyncResult<?> all, List<Future<Optional<Group>>> lookUps) {
            List<Group> found = lookUps.stream()
                    .filter(Future::succeeded)
                    .flatMap(lookUp -> lookUp.result().stream())
                    .toList();
            if (found.stream().anyMatch(group -> names(group, principal).contains(principal.name()))) {
                return Future.succeededFuture(true);
            }
            return all.succeeded() ? inGroupsOf(found) : Future.failedFuture(all.cause());
        }
    }

    private static Set<String> names(Group group, Principal principal) {
        return switch (principal.type()) {
            case USER -> group.users();
            case CLIENT -> group.clients();
        };
    }
}
