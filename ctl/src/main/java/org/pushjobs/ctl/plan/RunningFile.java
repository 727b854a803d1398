package org.pushjobs.ctl.plan;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.pushjobs.config.settings.KnownSettings;
import org.pushjobs.ctl.settings.Installation;
import org.pushjobs.ctl.settings.Installation.Database;
import org.pushjobs.ctl.settings.Installation.Service;
import org.pushjobs.ctl.settings.PostgresHost;

/**
 * opscode-push-jobs-server-running.json: what a reconfigure has made, for other programs (packaging-ha.md, sections 1.5 and
 * 2.4). It holds no secret.
 */
public final class RunningFile {
    private RunningFile() {}

    /** In the order of the original's attributes. */
    public static String of(Installation installation) {
        ObjectNode document = new ObjectMapper().createObjectNode();
        ObjectNode pushy = document.putObject("pushy");
        pushy.put("install_path", "/opt/opscode-push-jobs-server");
        installation.host().chefServer().ifPresent(_ -> pushy.put("chef_base_path", "/opt/opscode"));
        pushy.putObject("bootstrap").put("enable", installation.startsAtFirst());
        ObjectNode server = pushy.putObject("opscode-pushy-server");
        server.put("enable", installation.service() != Service.DISABLED);
        server.put("ha", installation.service() == Service.BY_KEEPALIVED);
        server.put("user", installation.user());
        server.put("dir", installation.serverDirectory());
        server.put("log_directory", installation.logDirectory());
        server.putObject("log_rotation")
                .put("file_maxbytes", installation.logRotation().fileBytes())
                .put("num_to_keep", installation.logRotation().files());
        server.put("vip", installation.vip());
        for (String name : KnownSettings.names()) {
            if (installation.serverSettings().containsKey(name)) {
                server.set(name, installation.serverSettings().get(name));
            } else if (KnownSettings.documentedName(name).equals(name) && isOperators(name)) {
                KnownSettings.defaultOf(name).ifPresent(text -> server.put(name, text));
            }
        }
        ObjectNode postgresql = pushy.putObject("postgresql");
        switch (installation.database()) {
            case Database.Embedded() -> postgresql.put("embedded", true);
            case Database.Postgres postgres -> {
                postgresql
                        .put("database_name", postgres.name())
                        .put("sql_user", postgres.user())
                        .put("sql_ro_user", postgres.readOnlyUser());
                PostgresHost first = postgres.hosts().getFirst();
                if (postgres.hosts().size() == 1) {
                    postgresql.put("vip", first.name()).put("port", first.port());
                } else {
                    ArrayNode hosts = postgresql.putArray("hosts");
                    postgres.hosts().forEach(host -> hosts.add(host.toString()));
                }
                postgresql.put("db_superuser", postgres.superuser());
            }
        }
        document.putArray("run_list").add("recipe[opscode-pushy-server::default]");
        return ServerFiles.pretty(document);
    }

    private static boolean isOperators(String name) {
        return !name.matches("database|secrets_file|directory");
    }
}
