package org.pushjobs.config.settings;

import java.util.List;
import java.util.Optional;
import org.pushjobs.config.ClusterConfig;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.config.MemberAddress;
import org.pushjobs.config.ServerRole;

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
        checkSpread();
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

    private void checkSpread() {
        if (!isSpread(values)) {
            return;
        }
        if (!areGiven(values)) {
            values.error(
                    Settings.SPREAD,
                    "is true, but there are no cluster_members that agents could be spread over; name them, or remove"
                            + " spread");
        }
        boolean hasGateway = values.value(Settings.ROLES)
                .filter(roles -> roles.contains(ServerRole.GATEWAY))
                .isPresent();
        if (hasGateway && !values.isGiven(Settings.GATEWAY_ADDRESS)) {
            values.error(
                    Settings.SPREAD,
                    "is true, but gateway_address is missing; name the address at which agents reach this machine and no"
                            + " other one");
        }
    }

    /** Whether each gateway tells agents an address of its own. */
    static boolean isSpread(SettingValues values) {
        return values.value(Settings.SPREAD).filter(Boolean::booleanValue).isPresent();
    }

    /** After the errors were thrown; empty for a server that is alone. */
    Optional<ClusterConfig> get() {
        return Optional.of(members(values))
                .filter(members -> !members.isEmpty())
                .map(members -> new ClusterConfig(
                        members,
                        values.get(Settings.CLUSTER_ADDRESS),
                        values.get(Settings.CLUSTER_PORT),
                        values.get(Settings.CLUSTER_BUS_PORT),
                        values.get(Settings.SPREAD)));
    }
}
