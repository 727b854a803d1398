package org.pushjobs.ctl.settings;

import java.util.Optional;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.layout.Layout;

/** Finds the Chef server of a machine. */
public final class ChefServers {
    private ChefServers() {}

    /**
     * Empty where there is none.
     *
     * @throws CtlException when there is one that does not say what is needed of it
     */
    public static Optional<ChefServer> on(Layout layout) throws CtlException {
        return ChefServerFile.read(layout.chefServerRunning());
    }
}
