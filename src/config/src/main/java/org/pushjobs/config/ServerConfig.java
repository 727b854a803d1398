package org.pushjobs.config;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The server's settings, by who needs them. They are read from one JSON file by {@code settings.ConfigFile};
 * docs/configuration.md lists the names in the file, their units and defaults.
 *
 * @param roles what the process does, one at least
 * @param management what operators look at
 * @param health of the nodes
 * @param agents what agents are told
 * @param cluster who else shares the work; empty for a server that is alone
 * @param database where the data is
 * @param secretsFile the cluster's secrets, see docs/configuration.md, "Secrets"
 * @param directory where organisations, users, clients and groups come from
 * @param access who may see what
 */
public record ServerConfig(
        Set<ServerRole> roles,
        ApiConfig api,
        GatewayConfig gateway,
        ManagementConfig management,
        HealthConfig health,
        AgentsConfig agents,
        CoordinatorConfig coordinator,
        Optional<ClusterConfig> cluster,
        JobsConfig jobs,
        FeedConfig feeds,
        DatabaseConfig database,
        Path secretsFile,
        DirectoryConfig directory,
        AccessConfig access) {
    public ServerConfig {
        roles = Set.copyOf(roles);
        Objects.requireNonNull(api, "api");
        Objects.requireNonNull(gateway, "gateway");
        Objects.requireNonNull(management, "management");
        Objects.requireNonNull(health, "health");
        Objects.requireNonNull(agents, "agents");
        Objects.requireNonNull(coordinator, "coordinator");
        Objects.requireNonNull(cluster, "cluster");
        Objects.requireNonNull(jobs, "jobs");
        Objects.requireNonNull(feeds, "feeds");
        Objects.requireNonNull(database, "database");
        Objects.requireNonNull(secretsFile, "secretsFile");
        Objects.requireNonNull(directory, "directory");
        Objects.requireNonNull(access, "access");
    }
}
