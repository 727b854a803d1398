package org.pushjobs.server.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.server.ServerException;

/**
 * Reads the lease for a command, without a server, and changes nothing: also not the schema, which another version may be at
 * work with.
 */
public final class LeaseLook {
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private LeaseLook() {}

    /** @return fails with a {@link ServerException} within some seconds when the database does not tell */
    public static Future<Lease> at(Vertx vertx, DatabaseConfig config) {
        return switch (config) {
            case DatabaseConfig.External external -> ask(vertx, external);
            case DatabaseConfig.Replicated(List<DatabaseConfig.External> hosts) ->
                new HostSearch(vertx, hosts).ask(_ -> false).compose(answers -> ask(vertx, answers));
            case DatabaseConfig.Embedded _ ->
                Future.failedFuture(ServerException.unavailable("the database runs with the server, and neither does"));
        };
    }

    private static Future<Lease> ask(Vertx vertx, List<HostAnswer> answers) {
        HostChoice choice = new HostChoice(Optional.empty());
        return choice.of(answers)
                .map(found -> ask(vertx, found.host()))
                .orElseGet(() -> Future.failedFuture(ServerException.unavailable(
                        "no host of the database can be used: " + choice.explain(answers))));
    }

    private static Future<Lease> ask(Vertx vertx, DatabaseConfig.External host) {
        Pool pool = PgSettings.question(vertx, PgSettings.connection(host), TIMEOUT);
        return new LeaseStore(pool).current().onComplete(_ -> pool.close());
    }
}
