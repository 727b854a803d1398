package org.pushjobs.server.store;

import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.stream.StreamSupport;
import org.pushjobs.server.config.ServerConfig.DatabaseConfig;
import org.pushjobs.server.testing.Await;

/** A database with the newest schema, and a way to look past the stores. */
final class DatabaseFixture implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final Database database;

    DatabaseFixture(DatabaseConfig config) {
        database = Database.open(vertx, config);
        Await.result(database.ready());
    }

    Database database() {
        return database;
    }

    List<Row> query(String sql, Object... parameters) {
        return Await.result(database.pool()
                .preparedQuery(sql)
                .execute(Tuple.from(parameters))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false).toList()));
    }

    Object value(String sql, Object... parameters) {
        return query(sql, parameters).getFirst().getValue(0);
    }

    @Override
    public void close() {
        Await.result(database.close());
        Await.result(vertx.close());
    }
}
