package org.pushjobs.ctl.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.pushjobs.config.MemberAddress;
import org.pushjobs.config.settings.KnownSettings;
import org.pushjobs.ctl.settings.ChefServer.Machine;
import org.pushjobs.ctl.settings.Installation.ChefServerMachine;
import org.pushjobs.ctl.settings.Installation.Host;
import org.pushjobs.ctl.settings.Installation.StandAlone;

/**
 * Who shares the work, where the operator leaves it open (cluster.md, "Hazelcast" and "Roles"): the backends of a Chef server of
 * topology {@code ha}; which one of the members this machine is; and that a frontend has the API only. Of two backends of such a
 * Chef server mostly one is not there, since keepalived has the service run on its master only (packaging-ha.md, section 4.3):
 * members need not be there, and whoever is alone works alone. The topology {@code tier} has one backend, and so no cluster of
 * its own.
 */
final class ClusterDefaults {
    private static final String MEMBERS = "cluster_members";
    private static final String ADDRESS = "cluster_address";
    private static final String PORT = "cluster_port";
    private static final String ROLES = "roles";

    private final Host host;
    private final Supplier<String> machineName;

    /** @param machineName the full name of this machine, asked for when it is needed */
    ClusterDefaults(Host host, Supplier<String> machineName) {
        this.host = host;
        this.machineName = machineName;
    }

    /**
     * Adds what follows from the rest; what is there stays.
     *
     * @param settings of the server, each good for itself
     */
    void addTo(Map<String, JsonNode> settings) {
        if (!settings.containsKey(MEMBERS)) {
            ArrayNode backends = backends(port(settings));
            if (backends.size() > 1) {
                settings.put(MEMBERS, backends);
            }
        }
        List<MemberAddress> members = members(settings);
        if (members.isEmpty()) {
            return;
        }
        if (Installation.isFrontend(host)) {
            settings.putIfAbsent(ROLES, TextNode.valueOf("api"));
        }
        Optional<MemberAddress> self = self(settings, members);
        if (!settings.containsKey(ADDRESS)) {
            self.map(MemberAddress::host)
                    .or(this::ofChefServer)
                    .ifPresent(address -> settings.put(ADDRESS, TextNode.valueOf(address)));
        }
        self.filter(member -> member.port() != port(settings) && !settings.containsKey(PORT))
                .ifPresent(member -> settings.put(PORT, IntNode.valueOf(member.port())));
    }

    /**
     * This machine in the list. What stands there is what the others connect to, so it counts more than what else is known of
     * this machine, and a server that has another address would wait for itself as for one of the others.
     */
    private Optional<MemberAddress> self(Map<String, JsonNode> settings, List<MemberAddress> members) {
        Optional<String> address = Optional.ofNullable(settings.get(ADDRESS)).map(JsonNode::asText);
        return members.stream()
                .filter(member -> address.map(member.host()::equals).orElseGet(() -> isHere(member)))
                .findFirst();
    }

    private static int port(Map<String, JsonNode> settings) {
        return settings.containsKey(PORT)
                ? settings.get(PORT).asInt()
                : Integer.parseInt(KnownSettings.defaultOf(PORT).orElseThrow());
    }

    private static List<MemberAddress> members(Map<String, JsonNode> settings) {
        return Optional.ofNullable(settings.get(MEMBERS)).map(Rules::texts).orElse(List.of()).stream()
                .map(MemberAddress::parse)
                .flatMap(Optional::stream)
                .toList();
    }

    /** In the order of their names, so that all machines have the same list. */
    private ArrayNode backends(int port) {
        ArrayNode members = JsonNodeFactory.instance.arrayNode();
        host.chefServer().filter(ChefServer::isHa).map(ChefServer::servers).orElse(Map.of()).entrySet().stream()
                .filter(entry -> entry.getValue().isBackend())
                .sorted(Map.Entry.comparingByKey())
                .flatMap(entry -> address(entry.getValue()).stream())
                .map(address -> new MemberAddress(address, port))
                .forEach(member -> members.add(member.toString()));
        return members;
    }

    /**
     * In the network that backends have among themselves, where there is one. A name will not do: one that leads nowhere, or to the
     * machine itself, would keep the server from starting, and with it the failover of the whole Chef server.
     */
    private static Optional<String> address(Machine machine) {
        return machine.clusterAddress().or(machine::address);
    }

    /** The address that the others were told, where the Chef server has several machines. */
    private Optional<String> ofChefServer() {
        return switch (host) {
            case ChefServerMachine(var chef, var name, var _, var _) ->
                Optional.ofNullable(chef.servers().get(name))
                        .filter(_ -> chef.isHa())
                        .flatMap(ClusterDefaults::address);
            case StandAlone() -> Optional.empty();
        };
    }

    /** By its name or by an address of this machine; nobody is asked for other names. */
    private boolean isHere(MemberAddress member) {
        return member.host().equalsIgnoreCase(machineName.get())
                || ofChefServer().filter(member.host()::equals).isPresent()
                || hasAddress(member.host());
    }

    private static boolean hasAddress(String literal) {
        try {
            return NetworkInterface.getByInetAddress(InetAddress.ofLiteral(literal)) != null;
        } catch (IllegalArgumentException e) {
            return false; // a name
        } catch (SocketException e) {
            return false; // the server will say what is wrong with the network
        }
    }
}
