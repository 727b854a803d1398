package org.pushjobs.ctl.commands;

import java.util.Optional;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.database.Connections;
import org.pushjobs.ctl.database.Look;
import org.pushjobs.ctl.secrets.SecretsReader;
import org.pushjobs.ctl.settings.Installation;
import org.pushjobs.ctl.settings.InstallationReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says whether the database has the tables of this version: status 0 when it has, 1 when not. */
@Command(name = "migrate-status")
final class MigrateStatusCommand implements CtlCommand {
    private final Machine machine;

    @Mixin
    private GlobalOptions options;

    MigrateStatusCommand(Machine machine) {
        this.machine = machine;
    }

    @Override
    public About about() {
        return new About(
                "migrate-status",
                Category.DATABASE,
                "Say whether the database has the tables of this version.",
                Arguments.NONE);
    }

    @Override
    public int run() throws CtlException, InterruptedException {
        Installation installation = new InstallationReader(machine.layout(), machine.name()).read();
        SecretsReader.Found secrets = new SecretsReader(machine.layout(), installation).read();
        Optional<DatabaseConfig.External> database =
                Connections.ofServer(machine.layout(), installation, secrets.secrets());
        if (database.isEmpty()) {
            throw new CtlException(
                    "the database runs with the server, and neither does; it gets its tables when the server"
                            + " starts: opscode-push-jobs-server-ctl start");
        }
        int missing = Look.at(database.get()).missingMigrations();
        String name = "database " + database.get().database() + " at "
                + database.get().host() + ":" + database.get().port();
        if (missing == 0) {
            machine.out().println(name + " has all tables of this version.");
            return 0;
        }
        machine.out()
                .println(name + " lacks " + missing + (missing == 1 ? " migration" : " migrations")
                        + ", which opscode-push-jobs-server-ctl reconfigure makes, or the server when it starts.");
        return 1;
    }
}
