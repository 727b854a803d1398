package org.pushjobs.ctl.settings;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Everything that is to be so on this machine, as the Chef server and the operator have it.
 *
 * @param host what it is installed on
 * @param service whether the server runs here
 * @param vip where others reach the server, without brackets
 * @param apiPort of the server
 * @param user who runs the server
 * @param serverDirectory of the server's own files
 * @param logDirectory of the service's log
 * @param serverSettings of the server's file, by their names; what is not in it has its default
 * @param places where settings of the server stand and how, for messages; by the server's names
 * @param keyringDirectory where versions up to 2.1 kept their keys
 * @param startsAtFirst whether the first reconfigure starts the server although its supervisor does not
 * @param warnings what an operator should look at
 */
public record Installation(
        Host host,
        Service service,
        String vip,
        int apiPort,
        String user,
        String serverDirectory,
        String logDirectory,
        LogRotation logRotation,
        Database database,
        Map<String, JsonNode> serverSettings,
        Map<String, String> places,
        String keyringDirectory,
        boolean startsAtFirst,
        List<String> warnings) {
    /** What the add-on is installed on. */
    public sealed interface Host {
        /** The Chef server of this machine; empty where there is none. */
        Optional<ChefServer> chefServer();
    }

    /**
     * A machine of a Chef server.
     *
     * @param name the full name under which the Chef server knows it
     * @param isBootstrap whether secrets are made here
     * @param bootstrapName the machine where they are made, for messages
     */
    public record ChefServerMachine(ChefServer server, String name, boolean isBootstrap, String bootstrapName)
            implements Host {
        @Override
        public Optional<ChefServer> chefServer() {
            return Optional.of(server);
        }
    }

    /** A machine without a Chef server. */
    public record StandAlone() implements Host {
        @Override
        public Optional<ChefServer> chefServer() {
            return Optional.empty();
        }
    }

    /** Whether and how the server runs on this machine. */
    public enum Service {
        /** Its supervisor starts it. */
        ENABLED,
        /** Keepalived starts it, on the master. */
        BY_KEEPALIVED,
        /** Not on this machine. */
        DISABLED
    }

    /**
     * How much of the log is kept.
     *
     * @param fileBytes after which a new file is begun
     * @param files the most that are kept
     */
    public record LogRotation(long fileBytes, int files) {}

    /** Where the server's data is. */
    public sealed interface Database {
        /** With the server itself. */
        record Embedded() implements Database {}

        /**
         * In a PostgreSQL server, or in several with the same data.
         *
         * @param hosts at least one; of several, one takes writes, now this one and now that
         * @param superuser may make roles and databases
         * @param external whether somebody else runs the database server, so that the superuser may not be one
         */
        record Postgres(
                List<PostgresHost> hosts,
                String superuser,
                boolean external,
                String name,
                String user,
                String readOnlyUser)
                implements Database {
            public Postgres {
                hosts = List.copyOf(hosts);
                if (hosts.isEmpty()) {
                    throw new IllegalArgumentException("a database is somewhere");
                }
            }

            /** All of them, as in a URL. */
            public String addresses() {
                return hosts.stream().map(PostgresHost::toString).collect(Collectors.joining(","));
            }
        }
    }

    public Installation {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(service, "service");
        serverSettings = Collections.unmodifiableMap(new LinkedHashMap<>(serverSettings));
        places = Map.copyOf(places);
        warnings = List.copyOf(warnings);
    }

    /** Whether it is a machine of a Chef server that leads requests to others. */
    static boolean isFrontend(Host host) {
        return switch (host) {
            case ChefServerMachine(var chef, var name, var _, var _) ->
                chef.hasSeveralMachines()
                        && Optional.ofNullable(chef.servers().get(name))
                                .filter(ChefServer.Machine::isFrontend)
                                .isPresent();
            case StandAlone() -> false;
        };
    }

    /** Whether its server shares the work with others. */
    public boolean isMember() {
        return Optional.ofNullable(serverSettings.get("cluster_members"))
                .filter(members -> !Rules.texts(members).isEmpty())
                .isPresent();
    }

    private boolean hasApi() {
        return Optional.ofNullable(serverSettings.get("roles"))
                .map(Rules::texts)
                .filter(roles -> !roles.contains("api"))
                .isEmpty();
    }

    /** Where nginx finds an API on its own machine, which a frontend may have that is a member; {@code HOST:PORT}. */
    public Optional<String> apiOfFrontend() {
        if (service == Service.DISABLED || !isFrontend(host) || !isMember() || !hasApi()) {
            return Optional.empty();
        }
        String address = Optional.ofNullable(serverSettings.get("api_listen_address"))
                .map(JsonNode::asText)
                .orElse("0.0.0.0");
        String reached = switch (address) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::" -> "::1";
            default -> address;
        };
        return Optional.of(bracketed(reached) + ":" + apiPort);
    }

    /** The address with brackets where it needs them before a port. */
    public static String bracketed(String host) {
        return host.contains(":") ? "[" + host + "]" : host;
    }
}
