package org.pushjobs.ctl.settings;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What the Chef server on this machine says of itself in chef-server-running.json (packaging-ha.md, section 2.4).
 *
 * @param topology {@code standalone}, {@code manual}, {@code tier}, {@code ha} or a name of an extension
 * @param servers by their full names, where the topology has several machines
 * @param backendVip the address that the backends share
 * @param apiFqdn the name under which the API is reached
 * @param user who runs the services
 * @param nginx the program
 * @param nginxDirectory of its files, under which the add-ons' are
 * @param serviceTree of its supervisor
 * @param keepalivedDirectory of the file that says which backend is master
 * @param certificate the file with nginx's own certificate
 */
public record ChefServer(
        String topology,
        Map<String, Machine> servers,
        Optional<String> backendVip,
        Optional<String> apiFqdn,
        Postgres postgres,
        String user,
        String nginx,
        String nginxDirectory,
        ServiceTree serviceTree,
        String keepalivedDirectory,
        Optional<String> certificate) {
    /**
     * One of several machines.
     *
     * @param clusterAddress in the network that backends have among themselves
     */
    public record Machine(
            Optional<String> role, boolean isBootstrap, Optional<String> address, Optional<String> clusterAddress) {
        public boolean isBackend() {
            return role.equals(Optional.of("backend"));
        }

        public boolean isFrontend() {
            return role.equals(Optional.of("frontend"));
        }
    }

    /**
     * The database server that all services share.
     *
     * @param external whether somebody else runs it
     */
    public record Postgres(String host, int port, String superuser, boolean external) {
        public Postgres {
            Objects.requireNonNull(host, "host");
            Objects.requireNonNull(superuser, "superuser");
        }
    }

    /**
     * Where runit finds its services.
     *
     * @param definitions directories with the services' scripts
     * @param enabled links to those that are to run
     * @param init links to sv that bear the services' names
     * @param sv the program
     */
    public record ServiceTree(
            String definitions, String enabled, String init, String sv, String chpst, String svlogd) {}

    public ChefServer {
        servers = Map.copyOf(servers);
        Objects.requireNonNull(topology, "topology");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(nginx, "nginx");
        Objects.requireNonNull(nginxDirectory, "nginxDirectory");
        Objects.requireNonNull(keepalivedDirectory, "keepalivedDirectory");
    }

    /** Whether keepalived starts and stops the services. */
    public boolean isHa() {
        return topology.equals("ha");
    }

    public boolean hasSeveralMachines() {
        return isHa() || topology.equals("tier");
    }
}
