package org.pushjobs.ctl.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.layout.Layout;
import org.pushjobs.ctl.settings.ChefServer;
import org.pushjobs.ctl.settings.ChefServers;

/**
 * The service as the last reconfigure left it. What it needs to know is read from JSON files at once, without evaluating
 * settings.
 *
 * @param logDirectory of the service's log
 */
public record InstalledService(Supervisor supervisor, Path logDirectory) {
    private static final String DEFAULT_LOG = "/var/log/opscode/" + Layout.SERVICE;

    /** @throws CtlException when a file cannot be read */
    public static InstalledService on(Layout layout) throws CtlException {
        return new InstalledService(
                supervisor(layout, ChefServers.on(layout)), layout.at(logDirectory(layout.running())));
    }

    /** Runit in the Chef server's tree; without a Chef server systemd, or runit in our own where there is none. */
    public static Supervisor supervisor(Layout layout, Optional<ChefServer> chefServer) {
        return chefServer.isEmpty() && Systemd.isOn(layout)
                ? Systemd.on(layout)
                : Runit.of(ServicePaths.of(layout, chefServer));
    }

    /** Whether there is a service, enabled or not. */
    public boolean isDefined(Layout layout) throws CtlException {
        return switch (supervisor) {
            case Runit _ ->
                Files.isDirectory(
                        ServicePaths.of(layout, ChefServers.on(layout)).definition());
            case Systemd systemd -> systemd.isSupervised();
        };
    }

    private static String logDirectory(Path running) throws CtlException {
        return lastReconfigured(running)
                .map(server -> server.path("log_directory").asText(DEFAULT_LOG))
                .orElse(DEFAULT_LOG);
    }

    /**
     * What the last reconfigure says of the server; empty where there was none.
     *
     * @param running the file in which it says it
     * @throws CtlException when it cannot be read
     */
    public static Optional<JsonNode> lastReconfigured(Path running) throws CtlException {
        if (Files.notExists(running)) {
            return Optional.empty();
        }
        try {
            JsonNode document = new ObjectMapper().readTree(Files.readAllBytes(running));
            return Optional.of(document.at("/pushy/opscode-pushy-server"));
        } catch (IOException e) {
            throw new CtlException(
                    running + " cannot be read (" + e.getClass().getSimpleName()
                            + "); run this command as root, and opscode-push-jobs-server-ctl reconfigure, which writes it",
                    e);
        }
    }
}
