package org.pushjobs.ctl.database;

import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.schema.Migrations;

/** The newest tables, in a database that is empty, of an earlier version, or of the original server. */
public record Schema(Superuser superuser, Database database) implements DatabaseState {
    public Schema {
        Objects.requireNonNull(superuser, "superuser");
        Objects.requireNonNull(database, "database");
    }

    @Override
    public List<String> difference() throws CtlException {
        if (!database.isThere()) {
            return List.of("database " + database.name() + ": make the tables");
        }
        try {
            int missing = Migrations.missing(connection());
            return missing == 0
                    ? List.of()
                    : List.of("database " + database.name() + ": bring the tables up to date (" + missing + " migration"
                            + (missing == 1 ? "" : "s") + ")");
        } catch (SQLException | RuntimeException e) {
            throw failed(e);
        }
    }

    @Override
    public void apply() throws CtlException {
        try {
            Migrations.run(connection());
        } catch (SQLException | RuntimeException e) {
            throw failed(e);
        }
    }

    private CtlException failed(Exception e) {
        return new CtlException(
                "the tables of database " + database.name() + " cannot be brought up to date: " + e.getMessage()
                        + "; nothing of the step that failed is left in the database",
                e);
    }

    private DatabaseConfig.External connection() {
        return new DatabaseConfig.External(
                superuser.host(), superuser.port(), database.name(), superuser.user(), superuser.password(), 1);
    }
}
