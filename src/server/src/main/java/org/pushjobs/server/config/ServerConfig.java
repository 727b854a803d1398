package org.pushjobs.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * The server's settings. They are read from one JSON file by ConfigFile; docs/configuration.md lists the names in
 * the file, their units and defaults.
 *
 * @param serverName host that agents are told to connect to
 * @param apiListenAddress address that the HTTP API is bound to
 * @param apiPort 0 picks a free one
 * @param zeromqListenAddress prefix of the addresses that the ZeroMQ sockets are bound to, {@code tcp://*}
 * @param serverHeartbeatPort port of the heartbeat broadcast
 * @param commandPort port of the commands
 * @param management what operators look at
 * @param heartbeatInterval between heartbeats, both ways
 * @param downThreshold mean heartbeats per interval below which a node is down, above 0 and at most 1
 * @param decayWindow intervals that the mean looks back, 1 or more
 * @param detectOfflineNodesInterval how often the means are checked, in heartbeat intervals
 * @param validateClientNodeName whether a client may fetch only the configuration of the node of its own name
 * @param maxBodySizeBytes largest body of a ZeroMQ message
 * @param maxMessageSkew how far the timestamp of a ZeroMQ message may be off
 * @param configLifetime after which agents fetch their configuration again
 * @param votingTimeout how long a vote lasts at most
 * @param defaultRunTimeout for jobs that name none
 * @param waitCompleteTime how long a job's feed stays complete after the job's end
 * @param orgFeedExpiration how long the events of an organisation's feed are kept
 * @param keepAliveTime silence in a feed after which a comment is sent
 * @param rehabTimer between aborts to a node in rehab
 * @param disableCurveEncryption whether the command port is in clear text
 * @param jobRecovery what happens at start to jobs that have not ended
 * @param database where the data is
 * @param secretsFile the cluster's secrets, see {@link Secrets}
 */
public record ServerConfig(
        String serverName,
        String apiListenAddress,
        int apiPort,
        String zeromqListenAddress,
        int serverHeartbeatPort,
        int commandPort,
        ManagementConfig management,
        Duration heartbeatInterval,
        double downThreshold,
        double decayWindow,
        int detectOfflineNodesInterval,
        boolean validateClientNodeName,
        int maxBodySizeBytes,
        Duration maxMessageSkew,
        Duration configLifetime,
        Duration votingTimeout,
        Duration defaultRunTimeout,
        Duration waitCompleteTime,
        Duration orgFeedExpiration,
        Duration keepAliveTime,
        Duration rehabTimer,
        boolean disableCurveEncryption,
        JobRecovery jobRecovery,
        DatabaseConfig database,
        Path secretsFile) {

    /** What happens at start to jobs that have not ended (architecture.md). */
    public enum JobRecovery {
        /** They go on. */
        RESUME,
        /** They and their running nodes become crashed, as with the original server. */
        CRASH
    }

    /**
     * What operators look at (docs/operations.md).
     *
     * @param listenAddress address that the management port is bound to
     * @param port for health and metrics; 0 picks a free one
     * @param auditLogFile gets the audit log besides the database
     */
    public record ManagementConfig(String listenAddress, int port, Optional<Path> auditLogFile) {
        public ManagementConfig {
            Objects.requireNonNull(listenAddress, "listenAddress");
            Objects.requireNonNull(auditLogFile, "auditLogFile");
        }
    }

    /** Where the data is. */
    public sealed interface DatabaseConfig {
        /** Connections kept at most. */
        int poolSize();

        /** A PostgreSQL server that this process starts and stops; its data stays in the directory between runs. */
        record Embedded(Path dataDirectory, int poolSize) implements DatabaseConfig {
            public Embedded {
                Objects.requireNonNull(dataDirectory, "dataDirectory");
            }
        }

        /** A PostgreSQL server of somebody else's. Never printed with its password. */
        record External(String host, int port, String database, String user, String password, int poolSize)
                implements DatabaseConfig {
            public External {
                Objects.requireNonNull(host, "host");
                Objects.requireNonNull(database, "database");
                Objects.requireNonNull(user, "user");
                Objects.requireNonNull(password, "password");
            }

            @Override
            public String toString() {
                return "External[" + user + "@" + host + ":" + port + "/" + database + "]";
            }
        }
    }

    public ServerConfig {
        Objects.requireNonNull(serverName, "serverName");
        Objects.requireNonNull(apiListenAddress, "apiListenAddress");
        Objects.requireNonNull(zeromqListenAddress, "zeromqListenAddress");
        Objects.requireNonNull(management, "management");
        Objects.requireNonNull(jobRecovery, "jobRecovery");
        Objects.requireNonNull(database, "database");
        Objects.requireNonNull(secretsFile, "secretsFile");
    }
}
