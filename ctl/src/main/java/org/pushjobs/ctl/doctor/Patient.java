package org.pushjobs.ctl.doctor;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.config.ServerConfig;
import org.pushjobs.ctl.layout.Layout;
import org.pushjobs.ctl.secrets.ServerSecrets;
import org.pushjobs.ctl.settings.Installation;

/**
 * A machine that is looked at, whose settings and secrets are good.
 *
 * @param config of the server, as its files should have it
 * @param pid of the server, when its supervisor has it running
 */
record Patient(
        Layout layout, Installation installation, ServerSecrets secrets, ServerConfig config, Optional<Long> pid) {
    Patient {
        Objects.requireNonNull(layout, "layout");
        Objects.requireNonNull(installation, "installation");
        Objects.requireNonNull(secrets, "secrets");
        Objects.requireNonNull(config, "config");
        Objects.requireNonNull(pid, "pid");
    }

    /** Where the server's own files are. */
    Path serverDirectory() {
        return layout.at(installation.serverDirectory());
    }
}
