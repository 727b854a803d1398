package org.pushjobs.config;

import java.net.URI;
import java.nio.file.Path;
import java.security.interfaces.RSAPrivateKey;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.protocol.config.Extensions;

/**
 * The server's settings. They are read from one JSON file by ConfigFile; docs/configuration.md lists the names in
 * the file, their units and defaults.
 *
 * @param serverName host that agents are told to connect to
 * @param apiListenAddress address that the HTTP API is bound to
 * @param apiPort 0 picks a free one
 * @param trustedProxies the peers of the API whose {@code X-Forwarded-For} is believed
 * @param zeromqListenAddress prefix of the addresses that the ZeroMQ sockets are bound to, {@code tcp://*}
 * @param serverHeartbeatPort port of the heartbeat broadcast
 * @param commandPort port of the commands
 * @param gateway how the ZeroMQ ports are served
 * @param management what operators look at
 * @param heartbeatInterval between heartbeats, both ways
 * @param downThreshold mean heartbeats per interval below which a node is down, above 0 and at most 1
 * @param decayWindow intervals that the mean looks back, 1 or more
 * @param detectOfflineNodesInterval how often the means are checked, in heartbeat intervals
 * @param validateClientNodeName whether a client may fetch only the configuration of the node of its own name
 * @param maxBodySizeBytes largest body of a ZeroMQ message
 * @param agentExtensions what agents are told to use besides protocol 2.0; empty for nothing
 * @param maxMessageSkew how far the timestamp of a ZeroMQ message may be off
 * @param configLifetime after which agents fetch their configuration again
 * @param votingTimeout how long a vote lasts at most
 * @param defaultRunTimeout for jobs that name none
 * @param abortGrace how long nodes that run have to answer an abort
 * @param waitCompleteTime how long a job's feed stays complete after the job's end
 * @param orgFeedExpiration how long the events of an organisation's feed are kept
 * @param keepAliveTime silence in a feed after which a comment is sent
 * @param rehabTimer between aborts to a node in rehab
 * @param disableCurveEncryption whether the command port is in clear text
 * @param jobRecovery what happens at start to jobs that have not ended
 * @param jobRetention how long a job is kept after its end, zero for ever
 * @param database where the data is
 * @param secretsFile the cluster's secrets, see docs/configuration.md, "Secrets"
 * @param directory where organisations, users, clients and groups come from
 * @param access who may see what
 */
public record ServerConfig(
        String serverName,
        String apiListenAddress,
        int apiPort,
        List<AddressRange> trustedProxies,
        String zeromqListenAddress,
        int serverHeartbeatPort,
        int commandPort,
        GatewayConfig gateway,
        ManagementConfig management,
        Duration heartbeatInterval,
        double downThreshold,
        double decayWindow,
        int detectOfflineNodesInterval,
        boolean validateClientNodeName,
        int maxBodySizeBytes,
        Optional<Extensions> agentExtensions,
        Duration maxMessageSkew,
        Duration configLifetime,
        Duration votingTimeout,
        Duration defaultRunTimeout,
        Duration abortGrace,
        Duration waitCompleteTime,
        Duration orgFeedExpiration,
        Duration keepAliveTime,
        Duration rehabTimer,
        boolean disableCurveEncryption,
        JobRecovery jobRecovery,
        Duration jobRetention,
        DatabaseConfig database,
        Path secretsFile,
        DirectoryConfig directory,
        AccessConfig access) {

    /** Output of running commands that an agent may have on its way without an acknowledgement. */
    public static final int OUTPUT_WINDOW_BYTES = 256 * 1024;

    /** What happens at start to jobs that have not ended (architecture.md). */
    public enum JobRecovery {
        /** They go on. */
        RESUME,
        /** They and their running nodes become crashed, as with the original server. */
        CRASH
    }

    /**
     * How the ZeroMQ ports are served.
     *
     * @param processes event loops that share the connections, 1 or more
     * @param crypto which implementation encrypts
     * @param maxConnections on each port
     * @param maxConnectionsPerAddress on each port from one IP address
     */
    public record GatewayConfig(int processes, CryptoChoice crypto, int maxConnections, int maxConnectionsPerAddress) {
        public GatewayConfig {
            Objects.requireNonNull(crypto, "crypto");
        }
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

    /** Where organisations, users, clients and groups come from. */
    public sealed interface DirectoryConfig {
        /**
         * The server's own database.
         *
         * @param cacheTime how long what it said of users, clients and groups counts; zero for not at all
         */
        record Standalone(Duration cacheTime) implements DirectoryConfig {
            /** Where nothing else is said. */
            public static final Duration DEFAULT_CACHE_TIME = Duration.ofSeconds(2);

            public Standalone {
                Objects.requireNonNull(cacheTime, "cacheTime");
            }
        }

        /**
         * A Chef server. Never printed with its key.
         *
         * @param rootUrl {@code http} or {@code https}, without a path; gets the signed requests
         * @param internalHost of erchef itself, which answers unsigned requests
         * @param internalPort of the same
         * @param superuserName signs the requests
         * @param superuserKey with this key
         * @param trust whom to take for the Chef server, when the root URL is https
         * @param cacheTime how long what it said of users, clients and groups counts; zero for never
         * @param connectTimeout until there is a connection for a look-up, new or free again
         * @param answerTimeout from then until the answer is complete
         * @param maxConnections to each of the two addresses
         * @param maxWaiting look-ups that wait for a connection to one of them; more fail at once
         */
        record ChefServer(
                URI rootUrl,
                String internalHost,
                int internalPort,
                String superuserName,
                RSAPrivateKey superuserKey,
                TlsTrust trust,
                Duration cacheTime,
                Duration connectTimeout,
                Duration answerTimeout,
                int maxConnections,
                int maxWaiting)
                implements DirectoryConfig {
            public ChefServer {
                Objects.requireNonNull(rootUrl, "rootUrl");
                Objects.requireNonNull(internalHost, "internalHost");
                Objects.requireNonNull(superuserName, "superuserName");
                Objects.requireNonNull(superuserKey, "superuserKey");
                Objects.requireNonNull(trust, "trust");
                Objects.requireNonNull(cacheTime, "cacheTime");
                Objects.requireNonNull(connectTimeout, "connectTimeout");
                Objects.requireNonNull(answerTimeout, "answerTimeout");
            }

            @Override
            public String toString() {
                return "ChefServer[" + superuserName + "@" + rootUrl + ", " + internalHost + ":" + internalPort + "]";
            }
        }
    }

    /** Who may see what, as far as no group says it (docs/decisions/0031). */
    public record AccessConfig(ReadAccess read, EnvAccess env) {
        public AccessConfig {
            Objects.requireNonNull(read, "read");
            Objects.requireNonNull(env, "env");
        }
    }

    /** What members of an organisation may read that has no group {@code pushy_job_readers}. */
    public enum ReadAccess {
        /** Everything, users and clients alike; and who may read may fetch the configuration of every node, as a user. */
        ORGANIZATION,
        /**
         * Users everything, clients what concerns their own node, unless they may start jobs. Configurations of other nodes
         * are for admins.
         */
        RESTRICTED
    }

    /** Who sees the values in a job's environment. */
    public enum EnvAccess {
        /** Who may see the job. */
        READERS,
        /** Who may start jobs, too. */
        WRITERS
    }

    /** Which certificates prove that a server is the one that was meant. */
    public sealed interface TlsTrust {
        /** Those of the authorities that come with the Java runtime. */
        record SystemAuthorities() implements TlsTrust {}

        /** @param certificatesPem of the authorities whose certificates are good, one or more */
        record Authorities(String certificatesPem) implements TlsTrust {
            public Authorities {
                Objects.requireNonNull(certificatesPem, "certificatesPem");
            }
        }

        /** All: nothing is verified. */
        record Anyone() implements TlsTrust {}
    }

    public ServerConfig {
        trustedProxies = List.copyOf(trustedProxies);
        Objects.requireNonNull(serverName, "serverName");
        Objects.requireNonNull(apiListenAddress, "apiListenAddress");
        Objects.requireNonNull(zeromqListenAddress, "zeromqListenAddress");
        Objects.requireNonNull(gateway, "gateway");
        Objects.requireNonNull(management, "management");
        Objects.requireNonNull(jobRecovery, "jobRecovery");
        Objects.requireNonNull(agentExtensions, "agentExtensions");
        Objects.requireNonNull(database, "database");
        Objects.requireNonNull(secretsFile, "secretsFile");
        Objects.requireNonNull(directory, "directory");
        Objects.requireNonNull(access, "access");
    }
}
