package org.pushjobs.simulator.failover;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.pushjobs.simulator.failover.Write.Kind;

/** The servers' database, which notes who writes about jobs, and when. Each call has a connection of its own. */
final class RecordedDatabase {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> JOB_STATUSES =
            List.of("voting", "running", "complete", "quorum_failed", "aborted", "new", "timed_out", "crashed");
    private static final List<String> NODE_STATUSES = List.of(
            "new",
            "ready",
            "running",
            "succeeded",
            "failed",
            "aborted",
            "unavailable",
            "nacked",
            "faulty",
            "was_ready",
            "crashed",
            "timed_out");

    /**
     * A trigger is part of the statement that it belongs to, so a note is there if and only if the change is. The row of the epoch
     * is found by its index ("where single"): servers tell the planner that reading a whole table is very dear, and what is very
     * dear is compiled first, which takes 50 ms for each row.
     */
    private static final String NOTES = """
            create table if not exists failover_writes (
                number bigserial primary key,
                at timestamptz not null default clock_timestamp(),
                epoch bigint not null,
                client text not null,
                kind text not null,
                job_id text not null,
                node text not null,
                before int not null,
                after int not null);
            create or replace function failover_note(kind text, job_id text, node text, before int, after int)
                returns void language sql as
                'insert into failover_writes (epoch, client, kind, job_id, node, before, after)
                 select epoch, host(inet_client_addr()), $1, $2, $3, $4, $5 from coordinator_epoch where single';
            create or replace function failover_job() returns trigger language plpgsql as
                'begin
                   if tg_op = ''INSERT'' then
                     perform failover_note(''JOB'', new.id, '''', -1, new.status);
                   elsif new.status <> old.status then
                     perform failover_note(''JOB'', new.id, '''', old.status, new.status);
                   end if;
                   return null;
                 end';
            create or replace function failover_node() returns trigger language plpgsql as
                'begin
                   if tg_op = ''INSERT'' then
                     perform failover_note(''NODE'', new.job_id, new.node_name, -1, new.status);
                   elsif new.status <> old.status then
                     perform failover_note(''NODE'', new.job_id, new.node_name, old.status, new.status);
                   end if;
                   return null;
                 end';
            create or replace function failover_event() returns trigger language plpgsql as
                'begin
                   perform failover_note(''EVENT'', new.job_id, '''', -1, new.seq);
                   return null;
                 end';
            create or replace trigger failover_job after insert or update on jobs
                for each row execute function failover_job();
            create or replace trigger failover_node after insert or update on job_nodes
                for each row execute function failover_node();
            create or replace trigger failover_event after insert on job_events
                for each row execute function failover_event();
            """;

    private final String url;

    /** @param url for JDBC, with the user; a superuser, or the owner of the tables */
    RecordedDatabase(String url) {
        this.url = Objects.requireNonNull(url, "url");
    }

    /** From now on it notes; nothing happens where it does so already. */
    void takeNotes() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(NOTES);
        }
    }

    /** The number of the last note; 0 when there is none. */
    long lastWrite() throws SQLException {
        return number("select coalesce(max(number), 0) from failover_writes");
    }

    /** How many jobs have not ended. */
    long liveJobs() throws SQLException {
        return number("select count(*) from jobs where status in (0, 1, 5)");
    }

    private long number(String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** All notes after that one, in order. */
    List<Write> writesAfter(long number) throws SQLException {
        List<Write> writes = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(url);
                PreparedStatement statement = connection.prepareStatement("""
                        select number, floor(extract(epoch from at) * 1000)::bigint, epoch, client, kind, job_id, node, before, after
                        from failover_writes where number > ? order by number""")) {
            statement.setLong(1, number);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    writes.add(new Write(
                            rows.getLong(1),
                            rows.getLong(2),
                            rows.getLong(3),
                            rows.getString(4),
                            Kind.valueOf(rows.getString(5)),
                            rows.getString(6),
                            rows.getString(7),
                            rows.getInt(8),
                            rows.getInt(9)));
                }
            }
        }
        return writes;
    }

    /** The jobs that were made by these writes, by their ids. */
    Map<String, StoredJob> jobsMadeBy(List<Write> writes) throws SQLException {
        Set<String> ids = new LinkedHashSet<>();
        writes.stream()
                .filter(write -> write.kind() == Kind.JOB && write.before() == Write.NONE)
                .forEach(write -> ids.add(write.jobId()));
        Map<String, StoredJob> jobs = new LinkedHashMap<>();
        try (Connection connection = DriverManager.getConnection(url)) {
            for (String id : ids) {
                jobs.put(id, job(connection, id));
            }
        }
        return jobs;
    }

    private static StoredJob job(Connection connection, String id) throws SQLException {
        Map<String, String> nodes = new LinkedHashMap<>();
        try (PreparedStatement statement =
                connection.prepareStatement("select node_name, status from job_nodes where job_id = ?")) {
            statement.setString(1, id);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    nodes.put(rows.getString(1), NODE_STATUSES.get(rows.getInt(2)));
                }
            }
        }
        try (PreparedStatement statement =
                connection.prepareStatement("select command, status from jobs where id = ?")) {
            statement.setString(1, id);
            try (ResultSet rows = statement.executeQuery()) {
                if (!rows.next()) {
                    throw new SQLException("job " + id + " was written and is not there");
                }
                return new StoredJob(
                        id, rows.getString(1), JOB_STATUSES.get(rows.getInt(2)), nodes, events(connection, id));
            }
        }
    }

    private static List<FeedEvent> events(Connection connection, String id) throws SQLException {
        List<FeedEvent> events = new ArrayList<>();
        try (PreparedStatement statement =
                connection.prepareStatement("select seq, name, data from job_events where job_id = ? order by seq")) {
            statement.setString(1, id);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    events.add(FeedWatcher.event(
                            Integer.toString(rows.getInt(1)), rows.getString(2), JSON.readTree(rows.getString(3))));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("an event of job " + id + " is no JSON", e);
        }
        return events;
    }
}
