package org.pushjobs.ctl.database;

import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.pushjobs.ctl.CtlException;

/** A database in UTF-8, with its owner when it is new; one that is there is left to whom it belongs. */
public record Database(Superuser superuser, String name, String owner) implements DatabaseState {
    private static final String DUPLICATE = "42P04";

    public Database {
        Objects.requireNonNull(superuser, "superuser");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(owner, "owner");
    }

    /** Whether it is there. */
    boolean isThere() throws CtlException {
        return superuser.in(
                Superuser.TEMPLATE,
                connection -> Superuser.isTrue(connection, "select true from pg_database where datname = ?", name));
    }

    @Override
    public List<String> difference() throws CtlException {
        return isThere() ? List.of() : List.of("database " + name + ": create, for " + owner);
    }

    @Override
    public void apply() throws CtlException {
        try {
            superuser.execute(
                    Superuser.TEMPLATE,
                    "create database " + Superuser.quotedName(name) + " owner " + Superuser.quotedName(owner)
                            + " template template0 encoding 'UTF8'");
        } catch (CtlException e) {
            // Another machine was faster.
            if (!(e.getCause() instanceof SQLException cause && DUPLICATE.equals(cause.getSQLState()))) {
                throw e;
            }
        }
    }
}
