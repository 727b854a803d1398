package org.pushjobs.server.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.stream.StreamSupport;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.server.testing.Await;

/**
 * The tables' own record of whose term it was when they were written. Triggers note of each row by which transaction it was
 * written, of which epoch the connection was, and which epoch counted at that moment. Who begins a term notes which
 * transactions are in the database by then: what an earlier term wrote has to be among them, also when it was written before
 * and committed later.
 */
public final class TermAudit {
    private static final int CONNECTIONS = 4;

    private static final String INSTALL = """
            create table term_audit (txid bigint, writer bigint, counted bigint, what text);
            create table term_begin (epoch bigint primary key, known txid_snapshot);
            create function note_term() returns trigger language plpgsql as $$
            begin
                insert into term_audit values (txid_current(),
                    substring(current_setting('application_name') from 'epoch (\\d+)')::bigint,
                    (select epoch from coordinator_epoch), tg_op || ' ' || tg_table_name);
                return null;
            end $$;""";

    private static final String VIOLATIONS = """
            select what || ' by epoch ' || coalesce(writer, 0) || ' while ' || counted || ' counted' as line
            from term_audit where writer is distinct from counted
            union all
            select what || ' by epoch ' || writer || ' came after ' || next.epoch || ' began'
            from term_audit cross join lateral (
                select epoch, known from term_begin where epoch > writer order by epoch limit 1
            ) as next
            where not txid_visible_in_snapshot(txid, known)""";

    private final Vertx vertx;
    private final DatabaseConfig.External config;
    private final Pool pool;

    private TermAudit(Vertx vertx, DatabaseConfig.External config, Pool pool) {
        this.vertx = vertx;
        this.config = config;
        this.pool = pool;
    }

    /** From now on everything that is written of jobs is noted. */
    public static TermAudit install(Vertx vertx, DatabaseConfig.External config, Pool pool) {
        Await.result(pool.query(INSTALL).execute());
        for (String table : FencedSql.TABLES) {
            Await.result(pool.query("create trigger note_term after insert or update or delete on " + table
                            + " for each row execute procedure note_term()")
                    .execute());
        }
        return new TermAudit(vertx, config, pool);
    }

    /** Connections like those that a server writes with, by which the triggers know the writer. */
    public Pool connections(long epoch) {
        return PgSettings.pool(
                vertx,
                CONNECTIONS,
                () -> Future.succeededFuture(PgSettings.forWrites(
                        PgSettings.connection(config).addProperty("application_name", "epoch " + epoch))));
    }

    /** To be called when a term has been taken. */
    public Future<Void> begun(long epoch) {
        return pool.preparedQuery("insert into term_begin values ($1, txid_current_snapshot())")
                .execute(Tuple.of(epoch))
                .mapEmpty();
    }

    /** How many rows were written. */
    public long rows() {
        return Await.result(pool.query("select count(*) from term_audit").execute())
                .iterator()
                .next()
                .getLong(0);
    }

    /** What was written when it was another's turn. */
    public List<String> violations() {
        return StreamSupport.stream(
                        Await.result(pool.query(VIOLATIONS).execute()).spliterator(), false)
                .map(row -> row.getString("line"))
                .toList();
    }
}
