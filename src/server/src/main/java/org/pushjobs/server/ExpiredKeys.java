package org.pushjobs.server;

import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import org.pushjobs.server.store.Database;
import org.pushjobs.server.store.DirectoryChanges;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests with a key that has expired are refused by themselves; the agents that it let in before are looked after here. Every
 * server of a cluster does it, what one has done the others find done.
 */
final class ExpiredKeys {
    private static final Logger LOG = LoggerFactory.getLogger(ExpiredKeys.class);
    private static final long INTERVAL_SECONDS = 10;

    private ExpiredKeys() {}

    /** From now on, for as long as Vert.x runs. */
    static void watch(Vertx vertx, Database database) {
        DirectoryChanges changes = new DirectoryChanges(database.pool());
        vertx.setPeriodic(TimeUnit.SECONDS.toMillis(INTERVAL_SECONDS), _ -> {
            if (database.isReady()) {
                changes.endExpired().onFailure(ExpiredKeys::failed);
            }
        });
    }

    /** An outage is logged by the database; what is due is done after it. */
    private static void failed(Throwable failure) {
        if (!ServerException.isTemporary(failure)) {
            LOG.warn("agents of keys that have expired were not disconnected, trying again", failure);
        }
    }
}
