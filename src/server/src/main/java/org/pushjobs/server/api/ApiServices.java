package org.pushjobs.server.api;

import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.pushjobs.config.ServerConfig;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.audit.AuditTrail;
import org.pushjobs.server.directory.Directory;
import org.pushjobs.server.directory.DirectoryAdministration;
import org.pushjobs.server.directory.Permissions;
import org.pushjobs.server.feeds.FeedSetup;
import org.pushjobs.server.gateway.NodeAdmission;
import org.pushjobs.server.jobs.Jobs;
import org.pushjobs.server.metrics.HttpMetrics;
import org.pushjobs.server.nodes.NodeStates;
import org.pushjobs.server.store.ClusterIdentity;
import org.pushjobs.server.store.JobReads;

/**
 * What the API needs of the rest of the server. All of it is usable from any thread, so that several instances of
 * {@link ApiVerticle} can share it.
 *
 * @param welcome what the agent of a node is told; empty while that is not known
 * @param identity empty until the database was there for the first time
 * @param administration empty when the directory is somebody else's
 * @param ready whether requests can be served now; while not, all but {@code _status} are answered with 503
 * @param settled whether the ports for agents have been open for so long that an agent which found them closed before it
 *     asked has its answer by now
 * @param clock goes on steadily when {@code machineClock} jumps
 */
public record ApiServices(
        ServerConfig config,
        Function<NodeRef, Optional<AgentWelcome>> welcome,
        Supplier<Optional<ClusterIdentity>> identity,
        BooleanSupplier ready,
        BooleanSupplier settled,
        Directory directory,
        Permissions permissions,
        Optional<DirectoryAdministration> administration,
        Jobs jobs,
        JobReads jobReads,
        NodeStates nodeStates,
        NodeAdmission nodeAdmission,
        FeedSetup feeds,
        HttpMetrics metrics,
        AuditTrail audit,
        Clock clock,
        Clock machineClock) {
    public ApiServices {
        Objects.requireNonNull(config, "config");
        Objects.requireNonNull(welcome, "welcome");
        Objects.requireNonNull(identity, "identity");
        Objects.requireNonNull(ready, "ready");
        Objects.requireNonNull(settled, "settled");
        Objects.requireNonNull(directory, "directory");
        Objects.requireNonNull(permissions, "permissions");
        Objects.requireNonNull(administration, "administration");
        Objects.requireNonNull(jobs, "jobs");
        Objects.requireNonNull(jobReads, "jobReads");
        Objects.requireNonNull(nodeStates, "nodeStates");
        Objects.requireNonNull(nodeAdmission, "nodeAdmission");
        Objects.requireNonNull(feeds, "feeds");
        Objects.requireNonNull(metrics, "metrics");
        Objects.requireNonNull(audit, "audit");
        Objects.requireNonNull(clock, "clock");
        Objects.requireNonNull(machineClock, "machineClock");
    }
}
