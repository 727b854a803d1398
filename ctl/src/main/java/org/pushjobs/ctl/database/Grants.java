package org.pushjobs.ctl.database;

import java.util.List;
import java.util.Objects;
import org.pushjobs.ctl.CtlException;

/**
 * What a role may do with all tables that there are and that the superuser will make.
 *
 * @param profile what that is
 */
public record Grants(Superuser superuser, Database database, String role, Profile profile) implements DatabaseState {
    /** The server's own role reads and writes; the other one reads. */
    public enum Profile {
        READ_WRITE("connect, temporary", "insert, select, update, delete", "select, update"),
        READ_ONLY("connect", "select", "select");

        private final String onDatabase;
        private final String onTables;
        private final String onSequences;

        Profile(String onDatabase, String onTables, String onSequences) {
            this.onDatabase = onDatabase;
            this.onTables = onTables;
            this.onSequences = onSequences;
        }
    }

    public Grants {
        Objects.requireNonNull(superuser, "superuser");
        Objects.requireNonNull(database, "database");
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(profile, "profile");
    }

    @Override
    public List<String> difference() throws CtlException {
        List<String> all =
                List.of("database role " + role + ": may " + profile.onTables + " in database " + database.name());
        if (!database.isThere()) {
            return all;
        }
        return superuser.in(database.name(), connection -> {
            if (!Superuser.isTrue(connection, "select true from pg_roles where rolname = ?", role)) {
                return all;
            }
            boolean complete = Superuser.isTrue(
                            connection,
                            "select not exists (select from unnest(string_to_array(?, ', ')) right_name"
                                    + " where not has_database_privilege(?, current_database(), right_name))",
                            profile.onDatabase,
                            role)
                    && Superuser.isTrue(
                            connection,
                            "select not exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                                    + " cross join unnest(string_to_array(?, ', ')) right_name"
                                    + " where n.nspname = 'public' and c.relkind in ('r', 'p', 'v', 'm')"
                                    + " and not has_table_privilege(?, c.oid, right_name))",
                            profile.onTables,
                            role)
                    && Superuser.isTrue(
                            connection,
                            "select not exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                                    + " cross join unnest(string_to_array(?, ', ')) right_name"
                                    + " where n.nspname = 'public' and c.relkind = 'S'"
                                    + " and not has_sequence_privilege(?, c.oid, right_name))",
                            profile.onSequences,
                            role)
                    && Superuser.isTrue(
                            connection,
                            "select count(*) = 3 from pg_default_acl d join pg_namespace n on n.oid = d.defaclnamespace"
                                    + " cross join aclexplode(d.defaclacl) a join pg_roles r on r.oid = a.grantee"
                                    + " where n.nspname = 'public' and d.defaclrole = (select oid from pg_roles where"
                                    + " rolname = current_user) and r.rolname = ?"
                                    + " and (d.defaclobjtype, a.privilege_type) in"
                                    + " (('r', 'SELECT'), ('S', 'SELECT'), ('f', 'EXECUTE'))",
                            role);
            return complete ? List.of() : all;
        });
    }

    @Override
    public void apply() throws CtlException {
        String to = " to " + Superuser.quotedName(role);
        String future = "alter default privileges in schema public ";
        superuser.execute(
                database.name(),
                "grant " + profile.onDatabase + " on database " + Superuser.quotedName(database.name()) + to,
                "grant usage on schema public" + to,
                "grant " + profile.onTables + " on all tables in schema public" + to,
                "grant " + profile.onSequences + " on all sequences in schema public" + to,
                "grant execute on all functions in schema public" + to,
                future + "grant " + profile.onTables + " on tables" + to,
                future + "grant " + profile.onSequences + " on sequences" + to,
                future + "grant execute on functions" + to);
    }
}
