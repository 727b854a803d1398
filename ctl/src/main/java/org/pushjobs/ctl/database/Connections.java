package org.pushjobs.ctl.database;

import java.util.Optional;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.layout.Layout;
import org.pushjobs.ctl.secrets.ServerSecrets;
import org.pushjobs.ctl.settings.Installation;

/** How to connect to the server's database, wherever it is. */
public final class Connections {
    private Connections() {}

    /**
     * As the server does, to the host that takes writes; empty where the database runs with the server and neither does.
     *
     * @throws CtlException when none of several hosts takes writes
     */
    public static Optional<DatabaseConfig.External> ofServer(
            Layout layout, Installation installation, ServerSecrets secrets) throws CtlException, InterruptedException {
        return switch (installation.database()) {
            case Installation.Database.Embedded() -> embedded(layout, installation);
            case Installation.Database.Postgres postgres -> Optional.of(as(hostsForServer(postgres, secrets)));
        };
    }

    /**
     * To the same as somebody who may only read; the database that runs with the server knows nobody but the server.
     *
     * @throws CtlException as there
     */
    public static Optional<DatabaseConfig.External> readOnly(
            Layout layout, Installation installation, ServerSecrets secrets) throws CtlException, InterruptedException {
        return switch (installation.database()) {
            case Installation.Database.Embedded() -> embedded(layout, installation);
            case Installation.Database.Postgres postgres ->
                Optional.of(as(new DatabaseHosts(
                        postgres.hosts(), postgres.name(), postgres.readOnlyUser(), secrets.sqlReadOnlyPassword())));
        };
    }

    /** All hosts of the database, as the server connects to them. */
    public static DatabaseHosts hostsForServer(Installation.Database.Postgres postgres, ServerSecrets secrets) {
        return new DatabaseHosts(postgres.hosts(), postgres.name(), postgres.user(), secrets.sqlPassword());
    }

    private static Optional<DatabaseConfig.External> embedded(Layout layout, Installation installation)
            throws CtlException {
        return EmbeddedServer.in(layout.at(installation.serverDirectory()).resolve("data"));
    }

    private static DatabaseConfig.External as(DatabaseHosts hosts) throws CtlException, InterruptedException {
        return hosts.connection(hosts.writable());
    }
}
