package org.pushjobs.ctl.settings;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.pushjobs.ctl.settings.Installation.ChefServerMachine;
import org.pushjobs.ctl.settings.Installation.Database;
import org.pushjobs.ctl.settings.Installation.Host;
import org.pushjobs.ctl.settings.Installation.StandAlone;

/** Where the database is: the Chef server's, one that the operator names, or the server's own. */
final class DatabaseReader {
    private final GivenSettings given;
    private final List<String> errors;

    /** @param errors grows by what is wrong */
    DatabaseReader(GivenSettings given, List<String> errors) {
        this.given = given;
        this.errors = errors;
    }

    /** What is wrong is among the errors afterwards. */
    Database database(Host host) {
        String name = given.text(Attributes.POSTGRESQL, "database_name").orElseThrow();
        String user = given.text(Attributes.POSTGRESQL, "sql_user").orElseThrow();
        String reader = given.text(Attributes.POSTGRESQL, "sql_ro_user").orElseThrow();
        return switch (host) {
            case ChefServerMachine(var chef, var _, var _, var _) -> {
                for (String attribute : List.of("vip", "hosts", "port", "db_superuser")) {
                    given.warnIfGiven(
                            Attributes.POSTGRESQL,
                            attribute,
                            "the database is the Chef server's; set it in chef-server.rb");
                }
                var postgres = chef.postgres();
                yield new Database.Postgres(
                        List.of(new PostgresHost(postgres.host(), postgres.port())),
                        postgres.superuser(),
                        postgres.external(),
                        name,
                        user,
                        reader);
            }
            case StandAlone() -> {
                List<PostgresHost> hosts = databaseHosts();
                yield hosts.isEmpty()
                        ? new Database.Embedded()
                        : new Database.Postgres(
                                hosts,
                                given.text(Attributes.POSTGRESQL, "db_superuser")
                                        .orElse("postgres"),
                                true,
                                name,
                                user,
                                reader);
            }
        };
    }

    /** Those that the operator names, one or several; none where the server has a database of its own. */
    private List<PostgresHost> databaseHosts() {
        int port =
                given.text(Attributes.POSTGRESQL, "port").map(Integer::parseInt).orElse(PostgresHost.DEFAULT_PORT);
        Optional<Given> one = given.get(Attributes.POSTGRESQL, "vip");
        Optional<Given> several = given.get(Attributes.POSTGRESQL, "hosts");
        if (one.isPresent() && several.isPresent()) {
            errors.add(several.get().place() + ": " + several.get().written() + " and "
                    + one.get().written() + " (line " + one.get().place().line()
                    + ") both say where the database is; keep one of them");
        }
        return several.map(hosts -> databaseHosts(hosts, port))
                .orElseGet(() -> one.stream()
                        .map(host -> new PostgresHost(host.text(), port))
                        .toList());
    }

    private List<PostgresHost> databaseHosts(Given several, int port) {
        List<PostgresHost> hosts = Rules.texts(several.value()).stream()
                .map(text -> PostgresHost.parse(text, port).orElseThrow())
                .toList();
        long different = hosts.stream()
                .map(host -> host.toString().toLowerCase(Locale.ROOT))
                .distinct()
                .count();
        if (different < hosts.size()) {
            errors.add(several.place() + ": " + several.written() + " names a host and port more than once: "
                    + hosts.stream().map(PostgresHost::toString).collect(Collectors.joining(", "))
                    + "; keep one of each");
        }
        return hosts;
    }
}
