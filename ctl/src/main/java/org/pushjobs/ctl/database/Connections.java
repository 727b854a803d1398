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

    /** As the server does; empty where the database runs with the server and neither does. */
    public static Optional<DatabaseConfig.External> ofServer(
            Layout layout, Installation installation, ServerSecrets secrets) throws CtlException {
        return switch (installation.database()) {
            case Installation.Database.Embedded() -> embedded(layout, installation);
            case Installation.Database.Postgres postgres ->
                Optional.of(as(postgres, postgres.user(), secrets.sqlPassword()));
        };
    }

    /** As somebody who may only read; the database that runs with the server knows nobody but the server. */
    public static Optional<DatabaseConfig.External> readOnly(
            Layout layout, Installation installation, ServerSecrets secrets) throws CtlException {
        return switch (installation.database()) {
            case Installation.Database.Embedded() -> embedded(layout, installation);
            case Installation.Database.Postgres postgres ->
                Optional.of(as(postgres, postgres.readOnlyUser(), secrets.sqlReadOnlyPassword()));
        };
    }

    private static Optional<DatabaseConfig.External> embedded(Layout layout, Installation installation)
            throws CtlException {
        return EmbeddedServer.in(layout.at(installation.serverDirectory()).resolve("data"));
    }

    private static DatabaseConfig.External as(Installation.Database.Postgres postgres, String user, String password) {
        return new DatabaseConfig.External(postgres.host(), postgres.port(), postgres.name(), user, password, 1);
    }
}
