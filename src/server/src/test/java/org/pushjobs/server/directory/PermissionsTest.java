package org.pushjobs.server.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.pushjobs.config.ReadAccess;
import org.pushjobs.server.ServerException;

class PermissionsTest {
    private static final Principal ALICE = new Principal("alice", Principal.Type.USER, "key", true);
    private static final Principal CLIENT_ALICE = new Principal("alice", Principal.Type.CLIENT, "key", true);
    private static final Principal STRANGER = new Principal("mallory", Principal.Type.USER, "key", false);

    private final Map<String, Group> groups = new HashMap<>();
    private final List<String> asked = new ArrayList<>();
    private final Directory directory = new GroupsOnly(name -> {
        asked.add(name);
        return Future.succeededFuture(Optional.ofNullable(groups.get(name)));
    });
    private final Permissions permissions = new Permissions(directory, ReadAccess.ORGANIZATION);
    private final Permissions restricted = new Permissions(directory, ReadAccess.RESTRICTED);

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

    @Test
    void groupsInGroupsAreFoundHoweverDeepAndEachIsAskedForOnce() {
        groups.put("pushy_job_writers", groups("group-1"));
        for (int i = 1; i < 499; i++) {
            groups.put("group-" + i, groups("group-" + (i + 1), "group-" + i, "pushy_job_writers"));
        }
        groups.put("group-499", users("alice"));

        assertThat(canWrite(ALICE)).isTrue();
        assertThat(asked).hasSize(500).doesNotHaveDuplicates();
    }

    @Test
    void moreGroupsThanCanBeSearchedDecideNothing() {
        groups.put(
                "pushy_job_writers",
                new Group(
                        Set.of("alice"),
                        Set.of(),
                        IntStream.range(0, 500).mapToObj(i -> "group-" + i).collect(Collectors.toSet())));

        Future<Boolean> answer = permissions.canWrite("acme", STRANGER);

        assertThat(answer.cause())
                .isInstanceOf(ServerException.class)
                .hasMessageStartingWith("more than 500 groups are nested in group 'pushy_job_writers'");
        assertThat(asked).as("none of them is asked for").containsExactly("pushy_job_writers");
        assertThat(canWrite(ALICE)).as("a direct member").isTrue();
    }

    @Test
    void whereReadingIsRestrictedClientsReadNothingUnlessAGroupNamesThem() {
        groups.put("admins", users("alice"));
        assertThat(restrictedRead(ALICE)).isTrue();
        assertThat(restrictedRead(STRANGER)).isFalse();
        assertThat(restrictedRead(CLIENT_ALICE)).isFalse();

        groups.put("pushy_job_writers", new Group(Set.of(), Set.of("alice"), Set.of()));
        assertThat(restrictedRead(CLIENT_ALICE)).as("who may start may see").isTrue();

        groups.put("pushy_job_readers", users("bob"));
        assertThat(restrictedRead(CLIENT_ALICE)).isFalse();
        assertThat(restrictedRead(ALICE)).isFalse();

        groups.put("pushy_job_readers", new Group(Set.of(), Set.of("alice"), Set.of()));
        assertThat(restrictedRead(CLIENT_ALICE)).isTrue();
    }

    @Test
    void whereReadingIsRestrictedANodeSeesItself() {
        assertThat(restricted.canReadNode("acme", CLIENT_ALICE, "alice").result())
                .isTrue();
        assertThat(restricted.canReadNode("acme", CLIENT_ALICE, "bob").result()).isFalse();
        groups.put("pushy_job_readers", users("bob"));
        assertThat(restricted.canReadNode("acme", CLIENT_ALICE, "alice").result())
                .isTrue();
        assertThat(restricted.canReadNode("acme", ALICE, "alice").result())
                .as("a user of the name of a node")
                .isFalse();
        assertThat(permissions.canReadNode("acme", CLIENT_ALICE, "alice").result())
                .as("as in the original server")
                .isFalse();
    }

    @Test
    void whereReadingIsRestrictedOnlyAdminsMayHaveKeysAdmittedForNodes() {
        groups.put("admins", users("bob"));
        groups.put("pushy_job_readers", users("alice"));
        Principal bob = new Principal("bob", Principal.Type.USER, "key", true);

        assertThat(restricted.canConfigureNodes("acme", ALICE).result()).isFalse();
        assertThat(restricted.canConfigureNodes("acme", bob).result()).isTrue();
        assertThat(permissions.canConfigureNodes("acme", ALICE).result()).isTrue();
        assertThat(permissions.canConfigureNodes("acme", bob).result()).isFalse();
    }

    @Test
    void nestedGroupsAreAskedForTogetherButNotAllAtOnce() {
        groups.put(
                "pushy_job_writers",
                groups(IntStream.range(0, 100).mapToObj(i -> "group-" + i).toArray(String[]::new)));
        Map<String, Promise<Optional<Group>>> open = new LinkedHashMap<>();
        Permissions late = new Permissions(
                new GroupsOnly(name -> name.startsWith("group-")
                        ? open.computeIfAbsent(name, _ -> Promise.promise()).future()
                        : Future.succeededFuture(Optional.ofNullable(groups.get(name)))),
                ReadAccess.ORGANIZATION);

        Future<Boolean> answer = late.canWrite("acme", ALICE);

        assertThat(open).hasSize(16);
        List.copyOf(open.values()).forEach(group -> group.complete(Optional.empty()));
        assertThat(open).hasSize(32);
        List<Promise<Optional<Group>>> second = List.copyOf(open.values()).subList(16, 32);
        second.getFirst().complete(Optional.of(users("alice")));
        second.subList(1, 16).forEach(group -> group.fail("the directory is down"));
        assertThat(answer.result())
                .as("found in one although others cannot be read")
                .isTrue();
        assertThat(open).hasSize(32);
    }

    @Test
    void aGroupThatCannotBeReadDecidesNothing() {
        groups.put("pushy_job_writers", groups("good", "bad"));
        groups.put("good", users("bob"));
        Permissions partly = new Permissions(
                new GroupsOnly(name -> name.equals("bad")
                        ? Future.failedFuture(new ServerException(502, "down"))
                        : Future.succeededFuture(Optional.ofNullable(groups.get(name)))),
                ReadAccess.ORGANIZATION);

        assertThat(partly.canWrite("acme", ALICE).cause()).hasMessage("down");
    }

    private boolean restrictedRead(Principal principal) {
        return restricted.canRead("acme", principal).result();
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

    private record GroupsOnly(Function<String, Future<Optional<Group>>> find) implements Directory {
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
            return find.apply(groupName);
        }
    }
}
