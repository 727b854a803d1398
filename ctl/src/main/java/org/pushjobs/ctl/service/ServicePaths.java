package org.pushjobs.ctl.service;

import java.nio.file.Path;
import java.util.Optional;
import org.pushjobs.ctl.layout.Layout;
import org.pushjobs.ctl.settings.ChefServer;
import org.pushjobs.ctl.settings.ChefServer.ServiceTree;

/**
 * Where runit has the service: in the Chef server's tree, or in our own where there is no Chef server.
 *
 * @param tree as it is seen from the root directory
 */
public record ServicePaths(Layout layout, ServiceTree tree) {
    private static final String OWN = "/opt/" + Layout.NAME;

    /** Where programs of runit are from Debian's package, which our own tree is served by. */
    private static final ServiceTree STAND_ALONE = new ServiceTree(
            OWN + "/sv", OWN + "/service", OWN + "/init", "/usr/bin/sv", "/usr/bin/chpst", "/usr/bin/svlogd");

    public static ServicePaths of(Layout layout, Optional<ChefServer> chefServer) {
        return new ServicePaths(layout, chefServer.map(ChefServer::serviceTree).orElse(STAND_ALONE));
    }

    /** The directory with its scripts. */
    public Path definition() {
        return definitions().resolve(Layout.SERVICE);
    }

    public Path definitions() {
        return layout.at(tree.definitions());
    }

    /** The directory that the supervisor watches. */
    public Path enabled() {
        return layout.at(tree.enabled());
    }

    /** The link that has the supervisor start it. */
    public Path enabledLink() {
        return enabled().resolve(Layout.SERVICE);
    }

    /** The link to {@code sv} by which it is controlled. */
    public Path initLink() {
        return init().resolve(Layout.SERVICE);
    }

    public Path init() {
        return layout.at(tree.init());
    }
}
