package org.pushjobs.config.check;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.config.ServerConfig;
import org.pushjobs.config.files.ConfigException;
import org.pushjobs.config.secrets.SecretsFile;

/**
 * Looks whether this machine has what the settings name: addresses, ports, files and directories. Changes nothing. Blocking,
 * as far as names are asked for.
 */
public final class StartCheck {
    private static final String TCP = "tcp://";
    private static final int ANY_PORT = 0;

    private final ServerConfig config;

    public StartCheck(ServerConfig config) {
        this.config = Objects.requireNonNull(config, "config");
    }

    private record Port(String setting, int number, String addressSetting, String address) {}

    /** What keeps the server from running whatever else runs on this machine; each names its setting and what to do. */
    public List<String> problems() {
        LinkedHashSet<String> problems = new LinkedHashSet<>();
        ports().forEach(port -> addressProblem(port).ifPresent(problems::add));
        auditFileProblem(config).ifPresent(problems::add);
        secretsProblem().ifPresent(problems::add);
        dataDirectoryProblem().ifPresent(problems::add);
        return List.copyOf(problems);
    }

    /** Ports that somebody has, which may be this server when it runs. */
    public List<String> portsInUse() {
        List<String> problems = new ArrayList<>();
        ports().filter(port -> port.number() != ANY_PORT && addressProblem(port).isEmpty())
                .forEach(port -> portProblem(port).ifPresent(problems::add));
        return problems;
    }

    private Stream<Port> ports() {
        String agents = config.gateway().listenAddress();
        Stream<Port> ofRoles = config.roles().stream().sorted().flatMap(role -> switch (role) {
            case API ->
                Stream.of(new Port(
                        "api_port",
                        config.api().port(),
                        "api_listen_address",
                        config.api().listenAddress()));
            case GATEWAY ->
                Stream.of(
                        new Port(
                                "server_heartbeat_port",
                                config.gateway().heartbeatPort(),
                                "zeromq_listen_address",
                                agents),
                        new Port("command_port", config.gateway().commandPort(), "zeromq_listen_address", agents));
            case COORDINATOR -> Stream.<Port>of();
        });
        Port management = new Port(
                "management_port",
                config.management().port(),
                "management_listen_address",
                config.management().listenAddress());
        Stream<Port> ofMember = config.cluster().stream()
                .flatMap(cluster -> Stream.of(
                        new Port("cluster_port", cluster.port(), "cluster_address", cluster.address()),
                        new Port("cluster_bus_port", cluster.busPort(), "cluster_address", cluster.address())));
        return Stream.of(ofRoles, Stream.of(management), ofMember).flatMap(ports -> ports);
    }

    private static Optional<String> addressProblem(Port port) {
        try {
            bind(port.address(), ANY_PORT);
            return Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.of(port.addressSetting() + " is " + port.address()
                    + ", which is no address that is known here; set it to an address of this machine");
        } catch (IOException e) {
            return Optional.of(port.addressSetting() + " is " + port.address() + ", where nothing can listen ("
                    + e.getMessage() + "); set it to an address of this machine");
        }
    }

    private static Optional<String> portProblem(Port port) {
        try {
            bind(port.address(), port.number());
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(port.setting() + " is " + port.number() + ", which cannot be opened at " + port.address()
                    + " (" + e.getMessage() + "); stop what listens there, or set another port");
        }
    }

    private static void bind(String address, int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(resolve(address), port));
        }
    }

    private static InetAddress resolve(String address) throws IOException {
        if (!address.startsWith(TCP)) {
            return InetAddress.getByName(address);
        }
        String host = address.substring(TCP.length());
        if (host.equals("*")) {
            return new InetSocketAddress(ANY_PORT).getAddress();
        }
        Optional<InetAddress> ofInterface = ofInterface(host);
        return ofInterface.isPresent() ? ofInterface.get() : InetAddress.getByName(host);
    }

    private static Optional<InetAddress> ofInterface(String name) throws SocketException {
        return Optional.ofNullable(NetworkInterface.getByName(name))
                .flatMap(found -> found.inetAddresses().findFirst());
    }

    /** What keeps the audit log's file from being written; empty when nothing does, or there is none. */
    public static Optional<String> auditFileProblem(ServerConfig config) {
        return config.management()
                .auditLogFile()
                .flatMap(file -> unwritable(file)
                        .map(problem -> "audit_log_file is " + file + ", " + problem
                                + "; the server's user must be able to append to it"));
    }

    private static Optional<String> unwritable(Path file) {
        if (Files.isDirectory(file)) {
            return Optional.of("which is a directory");
        }
        if (Files.exists(file)) {
            return Files.isWritable(file) ? Optional.empty() : Optional.of("which may not be written");
        }
        return inDirectory(file);
    }

    /** Whether there can be a new file. */
    private static Optional<String> inDirectory(Path file) {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            return Optional.of("whose directory does not exist");
        }
        return Files.isWritable(directory)
                ? Optional.empty()
                : Optional.of("which does not exist and cannot be made in its directory");
    }

    private Optional<String> secretsProblem() {
        Path file = config.secretsFile();
        if (Files.exists(file)) {
            try {
                SecretsFile.load(file);
                return Optional.empty();
            } catch (ConfigException e) {
                return Optional.of("secrets_file cannot be used: " + e.getMessage());
            }
        }
        return inDirectory(file)
                .map(problem -> "secrets_file is " + file + ", " + problem
                        + "; make the directory, for the server's user only, or name another file");
    }

    private Optional<String> dataDirectoryProblem() {
        return switch (config.database()) {
            case DatabaseConfig.External _, DatabaseConfig.Replicated _ -> Optional.empty();
            case DatabaseConfig.Embedded(Path directory, int _) ->
                unusable(directory)
                        .map(problem -> "data_directory is " + directory + ", " + problem
                                + "; name a directory that the server's user can make and write to");
        };
    }

    private static Optional<String> unusable(Path directory) {
        if (Files.exists(directory)) {
            if (!Files.isDirectory(directory)) {
                return Optional.of("which is no directory");
            }
            return Files.isWritable(directory) ? Optional.empty() : Optional.of("which may not be written");
        }
        Path above = directory.toAbsolutePath().getParent();
        while (above != null && Files.notExists(above)) {
            above = above.getParent();
        }
        return above != null && Files.isDirectory(above) && Files.isWritable(above)
                ? Optional.empty()
                : Optional.of("which does not exist and cannot be made in " + above);
    }
}
