package org.pushjobs.ctl.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.database.HostAnswer.Heard;
import org.pushjobs.ctl.database.HostAnswer.ReadOnly;
import org.pushjobs.ctl.database.HostAnswer.Replica;
import org.pushjobs.ctl.database.HostAnswer.Silent;
import org.pushjobs.ctl.database.HostAnswer.Writable;
import org.pushjobs.ctl.settings.PostgresHost;
import org.pushjobs.schema.JdbcSource;

/**
 * Where a database is, and as whom it is asked. Of several hosts the one that takes writes is used, by the rule that the server
 * has (cluster.md, "Database"): that of the highest timeline, since one that was replaced takes writes, too, when it comes back.
 * The driver's own {@code targetServerType} would take the first of them. Never printed with the password. Blocking.
 *
 * @param hosts at least one
 */
public record DatabaseHosts(List<PostgresHost> hosts, String database, String user, String password) {
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);

    /**
     * A new timeline is in the last checkpoint only some time after the promotion, but at once where recovery has ended; that is
     * read first, because the next checkpoint removes it. Everybody may ask all of this.
     */
    private static final String QUESTION = """
            select (pg_control_recovery()).min_recovery_end_timeline,
                (pg_control_checkpoint()).timeline_id,
                (pg_control_system()).system_identifier,
                pg_is_in_recovery(),
                current_setting('transaction_read_only') = 'on',
                exists (select from pg_stat_wal_receiver),
                current_setting('synchronous_standby_names') <> ''
                    and current_setting('synchronous_commit') not in ('off', 'local')""";

    public DatabaseHosts {
        hosts = List.copyOf(hosts);
        Objects.requireNonNull(database, "database");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(password, "password");
    }

    /** How to connect to one of them. */
    DatabaseConfig.External connection(PostgresHost host) {
        return new DatabaseConfig.External(host.name(), host.port(), database, user, password, 1);
    }

    /**
     * The one that takes writes. A host that has no other beside it is not asked: whoever uses it finds out.
     *
     * @throws CtlException when there is none, with what each of them says, when it is not clear which one it is, or when it is
     *     clear that it was replaced
     */
    public PostgresHost writable() throws CtlException, InterruptedException {
        if (hosts.size() == 1) {
            return hosts.getFirst();
        }
        return choose(ask());
    }

    /** @throws CtlException as there */
    static PostgresHost choose(List<HostAnswer> answers) throws CtlException {
        List<Writable> writable = writable(answers);
        if (writable.isEmpty()) {
            throw new CtlException("no host of the database takes writes: " + explain(answers)
                    + ". Look at PostgreSQL there and at what promotes its replicas, or put postgresql['hosts'] right");
        }
        if (writable.stream().map(Writable::system).distinct().count() > 1) {
            throw new CtlException("hosts of the database take writes that are no replicas of each other: "
                    + explain(answers) + ". Leave those of one PostgreSQL cluster in postgresql['hosts']");
        }
        Writable best = writable.getFirst();
        if (replacementOf(best, answers).isPresent()) {
            throw new CtlException("the host of the database that takes writes was replaced by one that does not: "
                    + explain(answers) + ". Stop " + best.host()
                    + ", and put the host that replaced it into postgresql['hosts']");
        }
        return best.host();
    }

    /** Another host of the same cluster that has seen a promotion which this one knows nothing of. */
    public static Optional<Heard> replacementOf(Writable used, List<HostAnswer> answers) {
        return answers.stream()
                .filter(Heard.class::isInstance)
                .map(Heard.class::cast)
                .filter(other -> other.system() == used.system() && other.timeline() > used.timeline())
                .findFirst();
    }

    /** Those that take writes, the one to use first. */
    public static List<Writable> writable(List<HostAnswer> answers) {
        return answers.stream()
                .filter(Writable.class::isInstance)
                .map(Writable.class::cast)
                .sorted(Comparator.comparingInt(Writable::timeline).reversed())
                .toList();
    }

    /** What each of them says, for people. */
    public static String explain(List<HostAnswer> answers) {
        return answers.stream()
                .map(answer -> answer.host() + " " + answer.text())
                .collect(Collectors.joining("; "));
    }

    /** What all of them say, in their order; they are asked at once, and each has some seconds. */
    public List<HostAnswer> ask() throws InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<HostAnswer> answers = new ArrayList<>();
            List<Future<HostAnswer>> questions =
                    hosts.stream().map(host -> threads.submit(() -> ask(host))).toList();
            for (Future<HostAnswer> question : questions) {
                answers.add(question.get());
            }
            return answers;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a host of the database could not be asked", e.getCause());
        }
    }

    private HostAnswer ask(PostgresHost host) {
        try (Connection connection = JdbcSource.of(connection(host), database, ANSWER_TIMEOUT)
                        .getConnection();
                Statement statement = connection.createStatement()) {
            Duration ahead = DatabaseClock.ahead(connection);
            try (ResultSet rows = statement.executeQuery(QUESTION)) {
                rows.next();
                return answer(host, rows, ahead);
            }
        } catch (SQLException e) {
            return new Silent(host, e.getMessage());
        }
    }

    private static HostAnswer answer(PostgresHost host, ResultSet row, Duration ahead) throws SQLException {
        int timeline = Math.max(row.getInt(1), row.getInt(2));
        long system = row.getLong(3);
        if (row.getBoolean(4)) {
            return new Replica(host, system, timeline, ahead, row.getBoolean(6));
        }
        return row.getBoolean(5)
                ? new ReadOnly(host, system, timeline, ahead)
                : new Writable(host, system, timeline, ahead, row.getBoolean(7));
    }

    @Override
    public String toString() {
        return "DatabaseHosts[" + user + "@" + hosts + "/" + database + "]";
    }
}
