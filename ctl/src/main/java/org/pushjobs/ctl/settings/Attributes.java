package org.pushjobs.ctl.settings;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.pushjobs.config.settings.KnownSettings;
import org.pushjobs.ctl.settings.Attribute.OfInstallation;
import org.pushjobs.ctl.settings.Attribute.OfServer;
import org.pushjobs.ctl.settings.Attribute.Retired;

/** Everything that may be set in the add-on's file: what the original knew, and all settings of our server. */
final class Attributes {
    static final String SERVER = "opscode_pushy_server";
    static final String POSTGRESQL = "postgresql";
    static final String BOOTSTRAP = "bootstrap";
    static final String PEDANT = "oc_chef_pedant";
    static final List<String> GROUPS = List.of(SERVER, POSTGRESQL, BOOTSTRAP, PEDANT);

    /** Settings that this program writes itself: somebody who sets them would have the server look in a wrong place. */
    static final Set<String> WRITTEN = Set.of(
            "database", "database_password_file", "data_directory", "secrets_file", "superuser_key_file", "directory");

    private static final String PASSWORD =
            "passwords are kept with the other secrets; the one in this file was never used, take it out";
    private static final String NO_PEDANT = "the test command has its own tests";

    /** By {@link Attribute#path}. */
    static final Map<String, Attribute> ALL = all();

    private Attributes() {}

    private static Map<String, Attribute> all() {
        List<Attribute> attributes = new ArrayList<>();
        attributes.add(own(SERVER, "enable", "", Rules::flag));
        attributes.add(own(SERVER, "ha", "", Rules::flag));
        attributes.add(own(SERVER, "vip", "", Rules::host));
        attributes.add(own(SERVER, "user", "", Rules::userName));
        attributes.add(own(SERVER, "dir", "/var/opt/opscode-push-jobs-server/opscode-pushy-server", Rules::directory));
        attributes.add(own(SERVER, "log_directory", "/var/log/opscode/opscode-pushy-server", Rules::directory));
        attributes.add(own(SERVER, "log_rotation.file_maxbytes", "104857600", Rules.number(4096, 1L << 40)));
        attributes.add(own(SERVER, "log_rotation.num_to_keep", "10", Rules.number(2, 10_000)));
        attributes.add(own(SERVER, "keyring_dir", "", Rules::directory));
        for (String name : KnownSettings.names()) {
            if (!WRITTEN.contains(name)) {
                attributes.add(new Attribute(SERVER, name, new OfServer(name), KnownSettings.defaultOf(name)));
            }
        }
        for (String name : List.of(
                "listen",
                "ibrowse_max_sessions",
                "ibrowse_max_pipeline_size",
                "chef_api_version",
                "enable_graphite",
                "graphite_host",
                "graphite_port")) {
            attributes.add(retired(SERVER, name, KnownSettings.retired(name).orElseThrow()));
        }
        attributes.add(own(POSTGRESQL, "database_name", "opscode_pushy", Rules::databaseName));
        attributes.add(own(POSTGRESQL, "sql_user", "opscode_pushy", Rules::databaseName));
        attributes.add(own(POSTGRESQL, "sql_ro_user", "opscode_pushy_ro", Rules::databaseName));
        attributes.add(own(POSTGRESQL, "vip", "", Rules::host));
        attributes.add(own(POSTGRESQL, "hosts", "", Rules::databaseHosts));
        attributes.add(own(POSTGRESQL, "port", "", Rules.number(1, 65_535)));
        attributes.add(own(POSTGRESQL, "db_superuser", "", Rules::databaseName));
        attributes.add(retired(POSTGRESQL, "username", "the database's own user is the Chef server's business"));
        attributes.add(retired(POSTGRESQL, "sql_password", PASSWORD));
        attributes.add(retired(POSTGRESQL, "sql_ro_password", PASSWORD));
        attributes.add(retired(POSTGRESQL, "db_superuser_password", PASSWORD));
        attributes.add(own(BOOTSTRAP, "enable", "", Rules::flag));
        for (String name : List.of("dir", "log_directory", "log_http_requests", "debug_org_creation")) {
            attributes.add(retired(PEDANT, name, NO_PEDANT));
        }
        Map<String, Attribute> byPath = new LinkedHashMap<>();
        attributes.forEach(attribute -> byPath.put(attribute.path(), attribute));
        return Map.copyOf(byPath);
    }

    private static Attribute own(
            String group, String name, String defaultText, Function<JsonNode, Optional<String>> rule) {
        return new Attribute(
                group,
                name,
                new OfInstallation(rule),
                defaultText.isEmpty() ? Optional.empty() : Optional.of(defaultText));
    }

    private static Attribute retired(String group, String name, String reason) {
        return new Attribute(group, name, new Retired(reason), Optional.empty());
    }

    /** The names in a group, without those that were retired; for suggestions. */
    static List<String> namesIn(String group) {
        return ALL.values().stream()
                .filter(attribute -> attribute.group().equals(group) && !(attribute.use() instanceof Retired))
                .map(Attribute::name)
                .toList();
    }

    /** Whether there are attributes below this name. */
    static boolean isTree(String group, String name) {
        return ALL.keySet().stream().anyMatch(path -> path.startsWith(group + "." + name + "."));
    }

    /** Why a setting of the server cannot be set here; empty for all others. */
    static boolean isWritten(String name) {
        return WRITTEN.contains(name);
    }
}
