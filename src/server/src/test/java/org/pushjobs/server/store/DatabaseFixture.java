package org.pushjobs.server.store;

import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.pushjobs.config.DatabaseConfig;
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

    /** Of nobody's term: there was none yet. */
    FencedWrites writes() {
        return new FencedWrites(database.writes(), 0);
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

    /** How the database carries out a statement of the server's, with the settings of the server's connections. */
    String plan(String sql, Object... parameters) {
        String values =
                Stream.of(parameters).map(value -> "'" + value + "'").collect(Collectors.joining(", ", "(", ")"));
        return Await.result(database.pool()
                .withConnection(connection -> connection
                        .query("prepare planned as " + sql)
                        .execute()
                        .compose(_ -> connection
                                .query("explain execute planned" + (parameters.length == 0 ? "" : values))
                                .execute())
                        .compose(plan -> connection
                                .query("deallocate planned")
                                .execute()
                                .map(_ -> StreamSupport.stream(plan.spliterator(), false)
                                        .map(row -> row.getString(0))
                                        .collect(Collectors.joining("\n"))))));
    }

    @Override
    public void close() {
        Await.result(database.close());
        Await.result(vertx.close());
    }
}
