package org.pushjobs.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.internal.cluster.impl.ClusterServiceImpl;
import com.hazelcast.multimap.MultiMap;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.spi.cluster.hazelcast.impl.HazelcastRegistrationInfo;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pushjobs.config.ServerRole;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.LogCapture;

class ClusterIT {
    private static final String REGISTRATIONS = "__vertx.subs";

    private final TestCluster cluster = new TestCluster(2);

    @AfterEach
    void closeCluster() {
        cluster.close();
    }

    @Test
    void membersFindEachOtherAndTalk() {
        List<ClusteredVertx> members = cluster.joinFirst(2);
        ClusteredVertx first = members.getFirst();
        ClusteredVertx second = members.getLast();

        assertThat(first.members().all()).isEqualTo(second.members().all());
        Member other = first.members().find(second.members().self()).orElseThrow();
        assertThat(other.info()).isEqualTo(TestCluster.info(1));
        assertThat(other.address()).isEqualTo("127.0.0.2:" + cluster.place(1).port());
        assertThat(first.members().all())
                .extracting(Member::nodeId)
                .containsExactly(first.members().self(), second.members().self());
        TestCluster.assertTheyTalk(first, second);
        TestCluster.assertTheyTalk(second, first);
        assertThat(first.refusedConnections()).isZero();
    }

    @Test
    void aMemberThatIsKilledIsMissedAtOnce() throws Exception {
        List<ClusteredVertx> members = cluster.joinFirst(2);
        Member killed = find(members.getFirst(), members.getLast());
        BlockingQueue<MemberChange> changes = listen(members.getFirst());

        long start = System.nanoTime();
        cluster.kill(members.getLast());

        assertThat(changes.poll(30, TimeUnit.SECONDS)).isEqualTo(new MemberChange.Left(killed));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        assertThat(members.getFirst().members().all()).doesNotContain(killed);
        assertThat(members.getLast().members().problem().orElseThrow()).contains("no member of the cluster any more");
        Await.until("it misses the others, too", () -> {
            members.getLast().members().refresh();
            return members.getLast().members().all().equals(List.of(killed));
        });
    }

    @Test
    void membersWhoseVersionsAreTooFarApartSaySoOnce() {
        try (LogCapture log = new LogCapture(Members.class)) {
            cluster.joinFirst(2);
            assertThat(log.messages(Level.WARN)).isEmpty();
        }
        try (TestCluster others = new TestCluster(2);
                LogCapture log = new LogCapture(Members.class)) {
            ClusteredVertx old = others.join(0, ofVersion("old", "4.0.0"));
            ClusteredVertx young = others.join(1, ofVersion("young", "4.2.0"));
            TestCluster.awaitCount(old, 2);
            List.of(old, young).forEach(ClusterIT::suspectOthers);
            TestCluster.awaitCount(old, 1);
            TestCluster.awaitCount(old, 2);
            TestCluster.awaitCount(young, 2);

            assertThat(log.messages(Level.WARN).stream()
                            .filter(line -> line.startsWith(
                                    "the version of a member and that of this server are further apart"))
                            .map(line -> line.substring(line.indexOf("version: ", line.indexOf('[')))))
                    .containsExactlyInAnyOrder(
                            "version: 4.2.0, own version: 4.0.0]", "version: 4.0.0, own version: 4.2.0]");
            assertThat(old.members().problem()).isEmpty();
        }
    }

    private static MemberInfo ofVersion(String name, String version) {
        return new MemberInfo(name, version, "process of " + name, EnumSet.allOf(ServerRole.class));
    }

    private static Member find(ClusteredVertx by, ClusteredVertx member) {
        return by.members().find(member.members().self()).orElseThrow();
    }

    /** Changes after those that tell who is there, on an event loop. */
    private static BlockingQueue<MemberChange> listen(ClusteredVertx member) throws InterruptedException {
        BlockingQueue<MemberChange> changes = new LinkedBlockingQueue<>();
        Context context = member.vertx().getOrCreateContext();
        member.members().listen(context, change -> {
            assertThat(Vertx.currentContext()).isSameAs(context);
            changes.add(change);
        });
        for (Member there : member.members().all()) {
            assertThat(changes.poll(30, TimeUnit.SECONDS)).isEqualTo(new MemberChange.Joined(there));
        }
        return changes;
    }

    @Test
    void whoIsAloneSaysSo() throws Exception {
        ClusteredVertx first = cluster.join(0);
        assertThat(first.members().problem().orElseThrow())
                .contains("alone in the cluster although there are other cluster_members: [127.0.0.2:");
        BlockingQueue<MemberChange> changes = listen(first);

        ClusteredVertx second = cluster.join(1);
        assertThat(changes.poll(30, TimeUnit.SECONDS)).isInstanceOf(MemberChange.Joined.class);
        assertThat(first.members().problem()).isEmpty();
        assertThat(second.members().problem()).isEmpty();

        second.close().toCompletableFuture().get(30, TimeUnit.SECONDS);
        assertThat(changes.poll(30, TimeUnit.SECONDS)).isInstanceOf(MemberChange.Left.class);
        assertThat(first.members().problem()).isPresent();
        for (int port : List.of(cluster.place(1).port(), cluster.place(1).busPort())) {
            new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.2")).close();
        }
    }

    @Test
    void halvesThatWereCutOffFromEachOtherComeTogetherAgain() throws Exception {
        List<ClusteredVertx> members = cluster.joinFirst(2);
        BlockingQueue<MemberChange> changes = listen(members.getFirst());

        members.forEach(ClusterIT::suspectOthers);

        assertThat(changes.poll(30, TimeUnit.SECONDS)).isInstanceOf(MemberChange.Left.class);
        assertThat(changes.poll(120, TimeUnit.SECONDS)).isInstanceOf(MemberChange.Joined.class);
        members.forEach(member -> TestCluster.awaitCount(member, 2));
        TestCluster.assertTheyTalk(members.getFirst(), members.getLast());
        TestCluster.assertTheyTalk(members.getLast(), members.getFirst());
    }

    /** As after some seconds of silence. */
    private static void suspectOthers(ClusteredVertx member) {
        ClusterServiceImpl service = ((HazelcastInstanceProxy) member.hazelcast()).getOriginal().node.clusterService;
        for (com.hazelcast.cluster.Member other : service.getMembers()) {
            if (!other.localMember()) {
                service.suspectMember(other, "silence", true);
            }
        }
    }

    @Test
    void entriesThatGotLostArePutBackAndMessagesArriveAgain() {
        List<ClusteredVertx> members = cluster.joinFirst(2);
        ClusteredVertx first = members.getFirst();
        first.vertx().eventBus().<String>consumer("jobs", message -> message.reply("done"));
        MultiMap<String, HazelcastRegistrationInfo> registered =
                first.hazelcast().getMultiMap(REGISTRATIONS);
        Await.until("a registration", () -> !registered.get("jobs").isEmpty());

        try (LogCapture log = new LogCapture(ClusteredVertx.class)) {
            registered.clear();
            members.getLast()
                    .hazelcast()
                    .getMap("__vertx.nodeInfo")
                    .remove(first.members().self());

            Await.until("it is back", () -> !registered.get("jobs").isEmpty());
            String answer = Await.value(
                    "an answer",
                    Await.DEADLINE,
                    () -> Await.<String>result(members.getLast()
                            .vertx()
                            .eventBus()
                            .<String>request("jobs", "do")
                            .map(message -> message.body())),
                    _ -> true);

            assertThat(answer).isEqualTo("done");
            assertThat(log.messages(Level.WARN))
                    .anySatisfy(line -> assertThat(line)
                            .startsWith("the cluster's registry had lost entries of this process")
                            .contains("jobs")
                            .contains("own bus address: lost"));
        }
    }

    @Test
    void whoDoesNotListenAnyMoreIsNotPutBack() {
        ClusteredVertx first = cluster.join(0);
        MessageConsumer<String> consumer = first.vertx().eventBus().consumer("jobs", _ -> {});
        Await.result(consumer.completion());
        first.vertx().eventBus().localConsumer("here", _ -> {});
        Await.result(consumer.unregister());

        assertThat(first.registry().repair().isEmpty()).isTrue();
        assertThat(first.hazelcast().getMultiMap(REGISTRATIONS).keySet()).isEmpty();
    }

    @Test
    void entriesOfProcessesThatAreGoneAreRemoved() {
        ClusteredVertx first = cluster.join(0);
        MultiMap<String, HazelcastRegistrationInfo> registered =
                first.hazelcast().getMultiMap(REGISTRATIONS);

        registered.put("jobs", new HazelcastRegistrationInfo(new RegistrationInfo("nobody", 1, false)));

        Await.until("it is gone", () -> registered.get("jobs").isEmpty());
    }

    @Test
    void aPortThatIsTakenIsNamedAndNothingStaysBehind() throws Exception {
        InetAddress address = InetAddress.ofLiteral("127.0.0.1");
        int port = cluster.place(0).port();
        int busPort = cluster.place(0).busPort();
        try (ServerSocket _ = new ServerSocket(port, 1, address)) {
            assertThat(Await.failure(cluster.attempt(0, TestCluster.KEYS)))
                    .hasMessageStartingWith("the cluster cannot be joined from 127.0.0.1, port " + port)
                    .hasMessageContaining("cluster_port");
        }
        try (ServerSocket _ = new ServerSocket(busPort, 1, address)) {
            assertThat(Await.failure(cluster.attempt(0, TestCluster.KEYS)))
                    .hasMessageStartingWith("cluster_bus_port cannot be opened at 127.0.0.1:" + busPort);
        }
        Await.until("the other port is free again", () -> {
            new ServerSocket(port, 1, address).close();
            return true;
        });
    }
}
