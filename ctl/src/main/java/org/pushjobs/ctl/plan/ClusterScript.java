package org.pushjobs.ctl.plan;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.pushjobs.ctl.layout.Layout;
import org.pushjobs.ctl.settings.ChefServer;
import org.pushjobs.ctl.settings.Installation;
import org.pushjobs.ctl.settings.Installation.ChefServerMachine;
import org.pushjobs.ctl.settings.Installation.StandAlone;

/**
 * The script by which the Chef server's keepalived starts and stops services, {@code cluster.sh}. It names the services that had
 * the mark when {@code chef-server-ctl reconfigure} wrote it (packaging-ha.md, section 4.4).
 *
 * @param path need not be there
 */
public record ClusterScript(Path path) {
    public static ClusterScript of(Layout layout, ChefServer chefServer) {
        return new ClusterScript(layout.at(chefServer.keepalivedDirectory()).resolve("bin/cluster.sh"));
    }

    /** That of a backend whose keepalived runs; empty on every other machine. */
    public static Optional<ClusterScript> ofBackend(Layout layout, Installation installation) {
        return switch (installation.host()) {
            case ChefServerMachine(var chef, var name, var _, var _) ->
                Optional.ofNullable(chef.servers().get(name))
                        .filter(machine -> chef.isHa() && machine.isBackend())
                        .map(_ -> of(layout, chef));
            case StandAlone() -> Optional.empty();
        };
    }

    /** Whether a failover starts and stops our service; whatever else is in the script, in whatever encoding. */
    public boolean namesTheService() {
        try {
            return Files.readString(path, StandardCharsets.ISO_8859_1).contains(Layout.SERVICE);
        } catch (IOException e) {
            return false; // no keepalived
        }
    }
}
