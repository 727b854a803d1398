package org.pushjobs.server.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PermissionsTest {
    private static final Principal ALICE = new Principal("alice", Principal.Type.USER, "key", true);
    private static final Principal CLIENT_ALICE = new Principal("alice", Principal.Type.CLIENT, "key", true);
    private static final Principal STRANGER = new Principal("mallory", Principal.Type.USER, "key", false);

    private final Map<String, Group> groups = new HashMap<>();
    private final Permissions permissions = new Permissions(new GroupsOnly(groups));

    @Test
    void withoutWritersOnlyAdminsMayWrite() {
        groups.put("admins", users("alice"));

        assertThat(canWrite(ALICE)).isTrue();
        assertThat(canWrite(new Principal("bob", Principal.Type.USER, "key", true)))
                .isFalse();
    }

    @Test
    void withoutWritersAndAdminsNobodyMayWrite() {
        assertThat(canWrite(ALICE)).isFalse();
    }

    @Test
    void whereThereAreWritersAdminsMayNotWrite() {
        groups.put("admins", users("alice"));
        groups.put("pushy_job_writers", users("bob"));

        assertThat(canWrite(ALICE)).isFalse();
        assertThat(canWrite(new Principal("bob", Principal.Type.USER, "key", true)))
                .isTrue();
    }

    @Test
    void withoutReadersEveryMemberMayRead() {
        assertThat(canRead(ALICE)).isTrue();
        assertThat(canRead(CLIENT_ALICE)).isTrue();
        assertThat(canRead(STRANGER)).isFalse();
    }

    @Test
    void whereThereAreReadersOnlyTheyMayRead() {
        groups.put("pushy_job_readers", users("bob"));

        assertThat(canRead(ALICE)).isFalse();
        assertThat(canRead(new Principal("bob", Principal.Type.USER, "key", true)))
                .isTrue();
    }

    @Test
    void userAndClientOfOneNameAreTwo() {
        groups.put("pushy_job_readers", new Group(Set.of(), Set.of("alice"), Set.of()));

        assertThat(canRead(CLIENT_ALICE)).isTrue();
        assertThat(canRead(ALICE)).isFalse();
    }

    @Test
    void groupsWithinGroupsCount() {
        groups.put("pushy_job_writers", groups("operators"));
        groups.put("operators", groups("night", "day"));
        groups.put("day", users("alice"));
        groups.put("night", users("bob"));

        assertThat(canWrite(ALICE)).isTrue();
        assertThat(canWrite(STRANGER)).isFalse();
    }

    @Test
    void groupsThatContainEachOtherAndMissingOnesDoNoHarm() {
        groups.put("pushy_job_writers", groups("a", "missing"));
        groups.put("a", groups("b", "pushy_job_writers"));
        groups.put("b", groups("a", "c"));
        groups.put("c", users("alice"));

        assertThat(canWrite(STRANGER)).isFalse();
        assertThat(canWrite(ALICE)).isTrue();
    }

    private boolean canRead(Principal principal) {
        return permissions.canRead("acme", principal).result();
    }

    private boolean canWrite(Principal principal) {
        return permissions.canWrite("acme", principal).result();
    }

    private static Group users(String... names) {
        return new Group(Set.of(names), Set.of(), Set.of());
    }

    private static Group groups(String... names) {
        return new Group(Set.of(), Set.of(), Set.of(names));
    }

    private record GroupsOnly(Map<String, Group> groups) implements Directory {
        @Override
        public Future<Optional<Organisation>> organisation(String orgName) {
            return Future.failedFuture("not asked for");
        }

        @Override
        public Future<List<Principal>> principals(String orgName, String name) {
            return Future.failedFuture("not asked for");
        }

        @Override
        public Future<Optional<Group>> group(String orgName, String groupName) {
            return Future.succeededFuture(Optional.ofNullable(groups.get(groupName)));
        }
    }
}
