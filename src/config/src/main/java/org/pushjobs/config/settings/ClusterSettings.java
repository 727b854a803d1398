package org.pushjobs.config.settings;

import java.util.List;
import java.util.Optional;
import org.pushjobs.config.ClusterConfig;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.config.MemberAddress;

/** Puts the settings of the cluster together. */
final class ClusterSettings {
    private final SettingValues values;

    ClusterSettings(SettingValues values) {
        this.values = values;
    }

    /** Whether there is a cluster; one whose members cannot be read is none. */
    static boolean areGiven(SettingValues values) {
        return !members(values).isEmpty();
    }

    private static List<MemberAddress> members(SettingValues values) {
        return values.value(Settings.CLUSTER_MEMBERS).orElse(List.of());
    }

    /** What lacks or does not go together is an error of the values afterwards. */
    void check(Optional<DatabaseConfig> database) {
        if (!areGiven(values)) {
            if (values.isGiven(Settings.CLUSTER_ADDRESS)) {
                values.warn(Settings.CLUSTER_ADDRESS, "has no effect without cluster_members");
            }
            return;
        }
        if (!values.isGiven(Settings.CLUSTER_ADDRESS)) {
            values.error(
                    Settings.CLUSTER_ADDRESS,
                    "is missing; name the address of this machine at which the other cluster_members reach it");
        }
        if (database.filter(DatabaseConfig.Embedded.class::isInstance).isPresent()) {
            values.error(
                    Settings.CLUSTER_MEMBERS,
                    "is given, but database is embedded, which nobody else uses; set database to the URL of the"
                            + " PostgreSQL server that all members share");
        }
    }

    /** After the errors were thrown; empty for a server that is alone. */
    Optional<ClusterConfig> get() {
        return Optional.of(members(values))
                .filter(members -> !members.isEmpty())
                .map(members -> new ClusterConfig(
                        members,
                        values.get(Settings.CLUSTER_ADDRESS),
                        values.get(Settings.CLUSTER_PORT),
                        values.get(Settings.CLUSTER_BUS_PORT)));
    }
}
