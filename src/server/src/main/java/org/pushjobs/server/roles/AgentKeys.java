package org.pushjobs.server.roles;

import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.protocol.keys.SessionKeys;
import org.pushjobs.server.directory.Directory;
import org.pushjobs.server.directory.Organisation;
import org.pushjobs.server.directory.Principal;
import org.pushjobs.server.directory.StandaloneDirectory;
import org.pushjobs.server.gateway.KeyRing;
import org.pushjobs.server.gateway.ServiceTime;
import org.pushjobs.server.store.Database;
import org.pushjobs.server.store.NodeKeyStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads the key ring and keeps it up to date with what other processes do to the database. */
final class AgentKeys {
    private static final Logger LOG = LoggerFactory.getLogger(AgentKeys.class);

    private final Database database;
    private final Directory directory;
    private final Duration configLifetime;
    private final ServiceTime serviceTime;
    private final Clock clock;

    AgentKeys(Database database, Directory directory, Duration configLifetime, ServiceTime serviceTime, Clock clock) {
        this.database = Objects.requireNonNull(database, "database");
        this.directory = Objects.requireNonNull(directory, "directory");
        this.configLifetime = Objects.requireNonNull(configLifetime, "configLifetime");
        this.serviceTime = Objects.requireNonNull(serviceTime, "serviceTime");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /** To be called until it succeeds once. */
    Future<KeyRing> load(SessionKeys sessionKeys, int keyEpoch) {
        return KeyRing.load(new KeyRing.Setup(
                        new NodeKeyStore(database.pool()),
                        sessionKeys,
                        keyEpoch,
                        configLifetime,
                        serviceTime,
                        this::organisationOf,
                        clock))
                .onSuccess(this::keepUpToDate);
    }

    private Future<Optional<String>> organisationOf(String orgName, String client) {
        return directory
                .organisation(orgName)
                .compose(organisation -> organisation.isEmpty()
                        ? Future.succeededFuture(Optional.empty())
                        : directory
                                .principals(orgName, client)
                                .map(found -> organisation
                                        .filter(_ ->
                                                found.stream().anyMatch(one -> one.type() == Principal.Type.CLIENT))
                                        .map(Organisation::guid)));
    }

    private void keepUpToDate(KeyRing keys) {
        database.onKeysRevoked(whose -> {
            if (directory instanceof StandaloneDirectory standalone) {
                standalone.somebodyWasDeleted();
            }
            keys.revoked(whose);
        });
        database.onChange(ready -> {
            if (ready) {
                compareWithDatabase(keys);
            }
        });
        // what was revoked after the keys were read, and before this listened
        compareWithDatabase(keys);
    }

    /** What other processes have told the database becomes known here, too. */
    static void compareWithDatabase(KeyRing keys) {
        keys.refresh()
                .onFailure(failure -> LOG.warn(
                        "the agents' keys could not be compared with the database [error: {}]", failure.getMessage()));
    }
}
