package org.pushjobs.server.testing;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.NetworkConfig;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.List;
import java.util.UUID;
import org.pushjobs.server.jobs.JobCodecs;

/** Two Vert.x instances that share an event bus as two processes do. */
public final class ClusteredVertx implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";

    private final Member first;
    private final Member second;

    private record Member(Vertx vertx, HazelcastClusterManager manager) {}

    private ClusteredVertx(Member first, Member second) {
        this.first = first;
        this.second = second;
    }

    public static ClusteredVertx start() {
        String name = UUID.randomUUID().toString();
        List<Integer> ports = List.of(FreePort.pick(), FreePort.pick());
        Member first = member(name, ports.get(0), ports);
        try {
            return new ClusteredVertx(first, member(name, ports.get(1), ports));
        } catch (RuntimeException | Error failure) {
            Await.result(first.vertx().close());
            throw failure;
        }
    }

    private static Member member(String name, int port, List<Integer> ports) {
        Config config = new Config().setClusterName(name);
        config.setProperty("hazelcast.logging.type", "slf4j");
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.shutdownhook.enabled", "false");
        config.setProperty("hazelcast.wait.seconds.before.join", "0");
        config.setProperty("hazelcast.partition.count", "11");
        NetworkConfig network = config.getNetworkConfig().setPort(port).setPortAutoIncrement(false);
        network.getInterfaces().setEnabled(true).addInterface(LOOPBACK);
        JoinConfig join = network.getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true);
        ports.forEach(member -> join.getTcpIpConfig().addMember(LOOPBACK + ":" + member));
        HazelcastClusterManager manager = new HazelcastClusterManager(config);
        Vertx vertx = Await.result(Vertx.builder()
                .with(new VertxOptions().setEventBusOptions(new EventBusOptions().setHost(LOOPBACK)))
                .withClusterManager(manager)
                .buildClustered());
        JobCodecs.register(vertx);
        return new Member(vertx, manager);
    }

    public Vertx first() {
        return first.vertx();
    }

    public Vertx second() {
        return second.vertx();
    }

    /** From now on neither of them learns where consumers are. */
    public void breakRegistry() {
        second.manager().getHazelcastInstance().getLifecycleService().terminate();
        first.manager().getHazelcastInstance().getLifecycleService().terminate();
    }

    @Override
    public void close() {
        Await.result(second.vertx().close());
        Await.result(first.vertx().close());
    }
}
