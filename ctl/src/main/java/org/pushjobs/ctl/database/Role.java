package org.pushjobs.ctl.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.ctl.CtlException;

/**
 * A role that can log in with a password and is no superuser. Never printed with the password.
 *
 * @param membership whether the superuser becomes a member, which one that is none needs to make a database for the role
 */
public record Role(Superuser superuser, String name, String password, Membership membership) implements DatabaseState {
    /** What the superuser is to the role. */
    public enum Membership {
        NONE,
        SUPERUSER_IS_MEMBER
    }

    private static final String ATTRIBUTES = " login nosuperuser nocreatedb nocreaterole";

    /** PostgreSQL's code for a wrong password. */
    private static final String INVALID_PASSWORD = "28P01";

    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    public Role {
        Objects.requireNonNull(superuser, "superuser");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(password, "password");
        Objects.requireNonNull(membership, "membership");
    }

    @Override
    public List<String> difference() throws CtlException {
        return superuser.in(Superuser.TEMPLATE, connection -> {
            if (!isThere(connection)) {
                return List.of("database role " + name + ": create");
            }
            if (!isAsItShouldBe(connection)) {
                return List.of("database role " + name + ": log in, without a superuser's rights");
            }
            return isPassword(connection)
                    ? List.of()
                    : List.of("database role " + name + ": change the password (secret, not shown)");
        });
    }

    private boolean isThere(Connection connection) throws SQLException {
        return Superuser.isTrue(connection, "select true from pg_roles where rolname = ?", name);
    }

    private boolean isAsItShouldBe(Connection connection) throws SQLException {
        return hasGoodAttributes(connection)
                && (membership == Membership.NONE
                        || Superuser.isTrue(connection, "select pg_has_role(?, ?, 'MEMBER')", superuser.user(), name));
    }

    private boolean hasGoodAttributes(Connection connection) throws SQLException {
        return Superuser.isTrue(
                connection,
                "select rolcanlogin and not rolsuper and not rolcreatedb and not rolcreaterole from pg_roles"
                        + " where rolname = ?",
                name);
    }

    /** By what the database keeps of it; by trying where that is not for our eyes. */
    private boolean isPassword(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("select rolpassword from pg_authid where rolname = ?")) {
            statement.setString(1, name);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next()
                        && Optional.ofNullable(rows.getString(1))
                                .filter(kept -> StoredPassword.matches(kept, name, password))
                                .isPresent();
            }
        } catch (SQLException e) {
            if (INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
                return opens();
            }
            throw e;
        }
    }

    private boolean opens() throws SQLException {
        try (Connection connection = superuser.connect(Superuser.TEMPLATE, name, password)) {
            return connection.isValid(1);
        } catch (SQLException e) {
            if (INVALID_PASSWORD.equals(e.getSQLState())) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public void apply() throws CtlException {
        String role = Superuser.quotedName(name);
        String secret = " password " + Superuser.quotedText(password);
        boolean there = superuser.in(Superuser.TEMPLATE, this::isThere);
        if (!there) {
            superuser.execute(Superuser.TEMPLATE, "create role " + role + " with login" + secret);
        } else {
            // Who is no superuser may not even repeat that the role is none.
            boolean good = superuser.in(Superuser.TEMPLATE, this::hasGoodAttributes);
            superuser.execute(Superuser.TEMPLATE, "alter role " + role + " with" + (good ? "" : ATTRIBUTES) + secret);
        }
        if (membership == Membership.SUPERUSER_IS_MEMBER) {
            superuser.execute(Superuser.TEMPLATE, "grant " + role + " to " + Superuser.quotedName(superuser.user()));
        }
    }

    @Override
    public String toString() {
        return "Role[" + name + "]";
    }
}
