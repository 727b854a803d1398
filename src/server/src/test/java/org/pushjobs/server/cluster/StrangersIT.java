package org.pushjobs.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.DefaultNodeContext;
import com.hazelcast.instance.impl.HazelcastInstanceFactory;
import com.hazelcast.internal.nio.Packet;
import com.hazelcast.internal.nio.PacketIOHelper;
import com.hazelcast.internal.serialization.InternalSerializationService;
import com.hazelcast.internal.serialization.impl.DefaultSerializationServiceBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.config.ClusterConfig;
import org.pushjobs.server.testing.Await;

/** Whoever reaches the members' port without the secrets. */
class StrangersIT {
    private static final String STRANGER = "127.0.0.9";
    private static final int READ_TIMEOUT_MILLIS = 30_000;

    private static TestCluster cluster;
    private static ClusteredVertx first;
    private static ClusteredVertx second;

    @BeforeAll
    static void joinTwo() {
        cluster = new TestCluster(4);
        List<ClusteredVertx> members = cluster.joinFirst(2);
        first = members.getFirst();
        second = members.getLast();
    }

    @AfterAll
    static void closeCluster() {
        cluster.close();
    }

    private static ClusterConfig target() {
        return cluster.place(0);
    }

    private static void assertTheClusterGoesOn() {
        assertThat(first.hazelcast().getCluster().getMembers())
                .hasSameSizeAs(first.members().all());
        TestCluster.assertTheyTalk(first, second);
        TestCluster.assertTheyTalk(second, first);
    }

    /** A member as anybody can start one; it joins or finds itself alone. */
    private static HazelcastInstance plainMember(String clusterName, ClusterConfig target) {
        Config config = new Config("stranger-" + UUID.randomUUID()).setClusterName(clusterName);
        config.setProperty("hazelcast.logging.type", "slf4j");
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.partition.count", "31");
        config.setProperty("hazelcast.wait.seconds.before.join", "0");
        config.setProperty("hazelcast.socket.bind.any", "false");
        JoinConfig join = config.getNetworkConfig().getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true).addMember(target.address() + ":" + target.port());
        config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        return Hazelcast.newHazelcastInstance(config);
    }

    /** The first member's twin without the guard. */
    private static HazelcastInstance unguarded(ClusterConfig config) {
        return HazelcastInstanceFactory.newHazelcastInstance(
                MembershipConfig.of(config, TestCluster.info(7)), null, new DefaultNodeContext());
    }

    private static ClusterConfig alone() {
        ClusterConfig place = new TestCluster(1).place(0);
        return new ClusterConfig(List.of(), place.address(), place.port(), place.busPort(), false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dev", "opscode-pushy", MembershipConfig.CLUSTER_NAME})
    void aPlainMemberGetsNowhere(String clusterName) {
        long refusedBefore = first.refusedConnections();
        int count = first.members().all().size();

        HazelcastInstance stranger = plainMember(clusterName, target());
        try {
            assertThat(stranger.getCluster().getMembers()).hasSize(1);
            assertThat(first.refusedConnections()).isGreaterThan(refusedBefore);
            assertThat(first.members().all()).hasSize(count);
            assertTheClusterGoesOn();
        } finally {
            stranger.getLifecycleService().terminate();
        }
    }

    @Test
    void withoutTheGuardAPlainMemberWouldGetIn() {
        ClusterConfig place = alone();
        HazelcastInstance unguarded = unguarded(place);
        HazelcastInstance stranger = plainMember(MembershipConfig.CLUSTER_NAME, place);
        try {
            assertThat(stranger.getCluster().getMembers()).hasSize(2);
        } finally {
            stranger.getLifecycleService().terminate();
            unguarded.getLifecycleService().terminate();
        }
    }

    @Test
    void aPacketThatNamesAClassMakesNone() throws Exception {
        byte[] packet = packetWithCanary();
        int before = Canary.MADE.get();

        assertIsRefused(packet);

        assertThat(Canary.MADE).hasValue(before);
        assertTheClusterGoesOn();
    }

    @Test
    void withoutTheGuardItWouldMakeOne() throws Exception {
        byte[] packet = packetWithCanary();
        int before = Canary.MADE.get();
        ClusterConfig place = alone();
        HazelcastInstance unguarded = unguarded(place);

        try (Socket socket = connect(place)) {
            socket.getOutputStream().write(packet);
            Await.until("an object was made", () -> Canary.MADE.get() > before);
        } finally {
            unguarded.getLifecycleService().terminate();
        }
    }

    /** What one member says to another one when it connects, with an object of another class. */
    private static byte[] packetWithCanary() {
        InternalSerializationService serialization = new DefaultSerializationServiceBuilder().build();
        byte[] object = serialization.toData(new Canary()).toByteArray();
        serialization.dispose();
        ByteBuffer bytes = ByteBuffer.allocate(1024);
        bytes.put("HZC".getBytes(StandardCharsets.US_ASCII));
        Packet packet = new Packet(object).setPacketType(Packet.Type.SERVER_CONTROL);
        assertThat(new PacketIOHelper().writeTo(packet, bytes)).isTrue();
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    private static Socket connect(ClusterConfig target) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(STRANGER, 0));
        socket.connect(new InetSocketAddress(InetAddress.getByName(target.address()), target.port()));
        socket.setSoTimeout(READ_TIMEOUT_MILLIS);
        return socket;
    }

    private static void assertIsRefused(byte[] bytes) throws IOException {
        long before = first.refusedConnections();
        try (Socket socket = connect(target())) {
            try {
                socket.getOutputStream().write(bytes);
                assertThat(socket.getInputStream().read()).isNegative();
            } catch (SocketException _) {
                // reset, while more was coming
            }
        }
        Await.until("the refusal is counted", () -> first.refusedConnections() > before);
    }

    @Test
    void noiseIsRefused() throws Exception {
        byte[] noise = new byte[2 * 1024 * 1024];
        new Random(1).nextBytes(noise);

        assertIsRefused(noise);
        assertIsRefused("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

        assertTheClusterGoesOn();
    }

    @Test
    void thoseWhoSayNothingAreDroppedAndKeepNobodyOut() throws Exception {
        int count = first.members().all().size();
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            silent.add(connect(target()));
        }

        ClusteredVertx third = cluster.join(2);

        TestCluster.awaitCount(first, count + 1);
        TestCluster.assertTheyTalk(third, first);
        assertThat(silent).allSatisfy(socket -> {
            assertThat(readOf(socket)).isNegative();
            socket.close();
        });
        assertTheClusterGoesOn();
    }

    private static int readOf(Socket socket) {
        try {
            return socket.getInputStream().read();
        } catch (SocketException _) {
            return -1;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aMemberWithOtherSecretsStaysAlone() {
        long refusedBefore = first.refusedConnections();
        int count = first.members().all().size();

        ClusteredVertx other = cluster.join(3, TestCluster.keys(2));

        assertThat(other.members().all()).hasSize(1);
        assertThat(other.members().problem().orElseThrow()).contains("have the same secrets");
        assertThat(first.refusedConnections()).isGreaterThan(refusedBefore);
        assertThat(first.members().all()).hasSize(count);
        assertTheClusterGoesOn();
    }
}
