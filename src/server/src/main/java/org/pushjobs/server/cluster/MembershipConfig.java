package org.pushjobs.server.cluster;

import com.hazelcast.config.AdvancedNetworkConfig;
import com.hazelcast.config.Config;
import com.hazelcast.config.ExecutorConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.config.SocketInterceptorConfig;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.spi.MemberAddressProvider;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.UUID;
import org.pushjobs.config.ClusterConfig;
import org.pushjobs.config.MemberAddress;
import org.pushjobs.server.ServerException;

/**
 * How Hazelcast is set up: membership and the registry of Vert.x, and everything else that it can do is off
 * (docs/decisions/0041).
 */
final class MembershipConfig {
    /** The guard is what tells clusters apart; this is no secret. */
    static final String CLUSTER_NAME = "pushjobs";

    /** Of the threads that make and accept connections: those whom the guard examines, and some for the members. */
    private static final int CONNECTION_THREADS = MemberGuard.MAX_UNPROVEN + 32;

    private static final int CONNECT_SECONDS = 2;

    /**
     * Must be the same in all versions: a member with another number cannot join. There are some hundred entries, so few
     * partitions are enough, and moved quickly.
     */
    private static final String PARTITIONS = "31";

    private static final Map<String, String> PROPERTIES = Map.ofEntries(
            Map.entry("hazelcast.logging.type", "slf4j"),
            Map.entry("hazelcast.logging.details.enabled", "false"),
            Map.entry("hazelcast.phone.home.enabled", "false"),
            Map.entry("hazelcast.shutdownhook.enabled", "false"),
            Map.entry("hazelcast.health.monitoring.level", "OFF"),
            Map.entry("hazelcast.slow.operation.detector.enabled", "false"),
            Map.entry("hazelcast.jmx", "false"),
            // connections come from the address that others know
            Map.entry("hazelcast.socket.bind.any", "false"),
            Map.entry("hazelcast.partition.count", PARTITIONS),
            // a member that was killed is noticed when its connection breaks, one that stands still by this
            Map.entry("hazelcast.heartbeat.interval.seconds", "1"),
            Map.entry("hazelcast.max.no.heartbeat.seconds", "5"),
            Map.entry("hazelcast.member.list.publish.interval.seconds", "5"),
            // parts of a cluster that were cut off from each other look for each other
            Map.entry("hazelcast.merge.first.run.delay.seconds", "10"),
            Map.entry("hazelcast.merge.next.run.delay.seconds", "10"),
            // nobody is waited for at the start
            Map.entry("hazelcast.wait.seconds.before.join", "0"),
            Map.entry("hazelcast.connect.all.wait.seconds", "2"),
            Map.entry("hazelcast.max.join.seconds", "30"),
            Map.entry("hazelcast.mastership.claim.timeout.seconds", "10"),
            Map.entry("hazelcast.operation.call.timeout.millis", "10000"),
            Map.entry("hazelcast.operation.backup.timeout.millis", "2000"),
            Map.entry("hazelcast.graceful.shutdown.max.wait", "3"),
            // little is done here
            Map.entry("hazelcast.event.queue.capacity", "10000"),
            Map.entry("hazelcast.event.thread.count", "1"),
            Map.entry("hazelcast.io.thread.count", "1"),
            Map.entry("hazelcast.operation.thread.count", "2"),
            Map.entry("hazelcast.operation.generic.thread.count", "2"),
            Map.entry("hazelcast.operation.response.thread.count", "1"),
            Map.entry("hazelcast.clientengine.thread.count", "1"),
            Map.entry("hazelcast.clientengine.query.thread.count", "1"),
            Map.entry("hazelcast.clientengine.blocking.thread.count", "1"));

    private MembershipConfig() {}

    /**
     * Asks the resolver for the own address, if it is a name.
     *
     * @throws ServerException when the own address is not known
     */
    static Config of(ClusterConfig cluster, MemberInfo self) {
        Config config = new Config("pushjobs-" + UUID.randomUUID()).setClusterName(CLUSTER_NAME);
        PROPERTIES.forEach(config::setProperty);
        config.setClassLoader(MembershipConfig.class.getClassLoader());
        config.getMemberAttributeConfig().setAttributes(self.attributes());
        config.getMemberAttributeConfig()
                .setAttribute(Members.NODE_ID, UUID.randomUUID().toString());
        config.setAdvancedNetworkConfig(network(cluster));
        config.addExecutorConfig(new ExecutorConfig("hz:io", CONNECTION_THREADS));
        config.addMultiMapConfig(new MultiMapConfig("__vertx.subs")
                .setValueCollectionType(MultiMapConfig.ValueCollectionType.SET)
                .setBackupCount(1));
        config.addMapConfig(new MapConfig("__vertx.nodeInfo").setBackupCount(1));
        turnOff(config);
        return config;
    }

    private static AdvancedNetworkConfig network(ClusterConfig cluster) {
        ServerSocketEndpointConfig members = new ServerSocketEndpointConfig()
                .setPort(cluster.port())
                .setPortAutoIncrement(false)
                .setSocketConnectTimeoutSeconds(CONNECT_SECONDS)
                .setSocketInterceptorConfig(new SocketInterceptorConfig().setEnabled(true));
        AdvancedNetworkConfig network = new AdvancedNetworkConfig().setEnabled(true);
        network.setMemberEndpointConfig(members);
        network.getMemberAddressProviderConfig()
                .setEnabled(true)
                .setImplementation(new OneAddress(resolve(cluster.address(), cluster.port())));
        JoinConfig join = new JoinConfig();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig()
                .setEnabled(true)
                .setConnectionTimeoutSeconds(CONNECT_SECONDS)
                .setMembers(
                        cluster.others().stream().map(MemberAddress::toString).toList());
        return network.setJoin(join);
    }

    private static InetSocketAddress resolve(String host, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new ServerException(
                    500,
                    "cluster_address is " + host + ", which is not known here; set it to an address of this machine");
        }
    }

    private static void turnOff(Config config) {
        config.getJetConfig().setEnabled(false).setResourceUploadEnabled(false);
        config.getUserCodeDeploymentConfig().setEnabled(false);
        config.getMetricsConfig().setEnabled(false);
        config.getIntegrityCheckerConfig().setEnabled(false);
        config.getManagementCenterConfig()
                .setScriptingEnabled(false)
                .setConsoleEnabled(false)
                .setDataAccessEnabled(false);
        config.getSerializationConfig().setJavaSerializationFilterConfig(AnsweredFailures.filter());
    }

    /** Bound to it, and told to others. */
    private record OneAddress(InetSocketAddress address) implements MemberAddressProvider {
        @Override
        public InetSocketAddress getBindAddress() {
            return address;
        }

        @Override
        public InetSocketAddress getBindAddress(EndpointQualifier endpoint) {
            return address;
        }

        @Override
        public InetSocketAddress getPublicAddress() {
            return address;
        }

        @Override
        public InetSocketAddress getPublicAddress(EndpointQualifier endpoint) {
            return address;
        }
    }
}
