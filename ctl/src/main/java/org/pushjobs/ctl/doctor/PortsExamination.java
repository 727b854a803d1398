package org.pushjobs.ctl.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.pushjobs.config.ServerConfig;
import org.pushjobs.config.ServerRole;
import org.pushjobs.config.check.StartCheck;

/** Whether the server's ports answer while it runs, and nobody else has them while it does not. */
final class PortsExamination implements Examination {
    private static final String ABOUT = "ports";
    private static final Duration LIMIT = Duration.ofSeconds(3);

    @Override
    public List<Finding> of(Patient patient) {
        ServerConfig config = patient.config();
        if (patient.pid().isEmpty()) {
            List<String> taken = new StartCheck(config).portsInUse();
            return taken.isEmpty()
                    ? List.of(Finding.good(ABOUT, "nobody else has them"))
                    : taken.stream().map(text -> Finding.wrong(ABOUT, text)).toList();
        }
        List<Finding> findings = new ArrayList<>();
        Map<String, InetSocketAddress> ports = ports(config);
        ports.forEach((name, address) -> {
            if (!answers(address)) {
                findings.add(Finding.wrong(
                        ABOUT,
                        "nothing answers at " + name + " (" + address.getHostString() + ":" + address.getPort()
                                + ") although the server runs; it may be starting: look at its log"
                                + " (opscode-push-jobs-server-ctl tail)"));
            }
        });
        return findings.isEmpty()
                ? List.of(Finding.good(
                        ABOUT,
                        "the server answers at "
                                + String.join(
                                        ", ",
                                        ports.values().stream()
                                                .map(address -> Integer.toString(address.getPort()))
                                                .toList())))
                : findings;
    }

    /** Those of its roles. That it has the members' ports is why it runs at all. */
    static Map<String, InetSocketAddress> ports(ServerConfig config) {
        Map<String, InetSocketAddress> ports = new LinkedHashMap<>();
        if (config.roles().contains(ServerRole.API)) {
            ports.put("api_port", at(config.api().listenAddress(), config.api().port()));
        }
        if (config.roles().contains(ServerRole.GATEWAY)) {
            ports.put(
                    "server_heartbeat_port",
                    at(config.gateway().listenAddress(), config.gateway().heartbeatPort()));
            ports.put(
                    "command_port",
                    at(config.gateway().listenAddress(), config.gateway().commandPort()));
        }
        ports.put(
                "management_port",
                at(config.management().listenAddress(), config.management().port()));
        return ports;
    }

    /** An address to connect to for one that is listened at. */
    static InetSocketAddress at(String address, int port) {
        String host = address.startsWith("tcp://") ? address.substring("tcp://".length()) : address;
        boolean any = host.equals("*") || host.equals("0.0.0.0") || host.equals("::") || host.equals("[::]");
        return any
                ? new InetSocketAddress(InetAddress.getLoopbackAddress(), port)
                : new InetSocketAddress(host.replaceAll("[\\[\\]]", ""), port);
    }

    private static boolean answers(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address, (int) LIMIT.toMillis());
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
