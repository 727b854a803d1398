package org.pushjobs.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.server.testing.ApiClient;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.RunningServer;
import org.pushjobs.server.testing.TestConfig;
import org.pushjobs.server.testing.TestOrganisation;

/** A database with a history: 10,000 jobs with 20 nodes each. */
@ExtendWith(PostgresExtension.class)
@Tag("load")
class ManyJobsIT {
    private static final int JOBS = 10_000;
    private static final int WARM_UP = 150;
    private static final int REQUESTS = 101;
    private static final Pattern NEXT = Pattern.compile("<http://[^/]+/organizations/acme/pushy/(.+)>; rel=\"next\"");

    @TempDir
    Path directory;

    @Test
    void pagesAndJobsAreQuickAndThePagesHaveEveryJob(DatabaseConfig.External database) throws Exception {
        try (RunningServer server = RunningServer.start(directory, withRetention(database, 0), database, 1);
                ApiClient admin = server.admin()) {
            // given
            fill(database, 0);

            // when
            Set<String> seen = new HashSet<>();
            Optional<String> path = Optional.of("jobs?limit=1000");
            String middle = "";
            String job = "";
            for (int pages = 0; path.isPresent(); pages++) {
                HttpResponse<byte[]> page = admin.get(path.get());
                for (Object document : new JsonArray(ApiClient.text(page))) {
                    job = ((JsonObject) document).getString("id");
                    assertThat(seen.add(job)).isTrue();
                }
                path = next(page);
                middle = pages == 4 ? path.orElseThrow().replace("limit=1000", "limit=50") : middle;
            }

            // then
            assertThat(seen).hasSize(JOBS);
            double first = medianMillis(admin, "jobs?limit=50");
            double one = medianMillis(admin, "jobs/" + job);
            System.out.printf(
                    "10,000 jobs of 20 nodes, medians of signed requests: jobs?limit=50 %.1f ms, in the middle %.1f ms,"
                            + " node %.1f ms, node of 1 job %.1f ms, command %.1f ms, status %.1f ms, jobs/ID %.1f ms,"
                            + " with detail %.1f ms%n",
                    first,
                    medianMillis(admin, middle),
                    medianMillis(admin, "jobs?limit=50&node=node-7"),
                    medianMillis(admin, "jobs?limit=50&node=single"),
                    medianMillis(admin, "jobs?limit=50&command=command%207"),
                    medianMillis(admin, "jobs?limit=50&status=crashed"),
                    one,
                    medianMillis(admin, "jobs/" + job + "?detail=true"));
            assertThat(first).isLessThan(20);
            assertThat(one).isLessThan(10);
        }
    }

    /** The rows come by pages and leave by pieces. */
    @Test
    void allJobsComeInOneAnswerWhileOthersAreServed(DatabaseConfig.External database) throws Exception {
        try (RunningServer server = RunningServer.start(directory, withRetention(database, 0), database, 1);
                ApiClient admin = server.admin()) {
            // given
            fillOnlyJobs(database, 100_000);

            // when
            long begin = System.nanoTime();
            AtomicLong longest = new AtomicLong();
            AtomicBoolean over = new AtomicBoolean();
            Thread meanwhile = Thread.ofVirtual().start(() -> {
                while (!over.get()) {
                    long sent = System.nanoTime();
                    try {
                        assertThat(admin.get("jobs?limit=1").statusCode()).isEqualTo(200);
                    } catch (IOException | InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    longest.accumulateAndGet(System.nanoTime() - sent, Math::max);
                }
            });
            int jobs = 0;
            String before = "";
            try (JsonParser parser =
                    new JsonFactory().createParser(admin.open("jobs").body())) {
                while (parser.nextToken() != null) {
                    if (parser.currentToken() == JsonToken.FIELD_NAME
                            && parser.currentName().equals("id")) {
                        String id = parser.nextTextValue();
                        // created one second after each other, the one with the highest number first
                        assertThat(id).isNotEqualTo(before);
                        assertThat(jobs == 0 || id.compareTo(before) < 0)
                                .as("oldest first")
                                .isTrue();
                        before = id;
                        jobs++;
                    }
                }
            }
            long took = System.nanoTime() - begin;
            over.set(true);
            meanwhile.join();

            // then
            assertThat(jobs).isEqualTo(100_000);
            System.out.printf(
                    "100,000 jobs in one answer: %d ms; longest other request meanwhile %d ms, heap of %d MB%n",
                    took / 1_000_000,
                    longest.get() / 1_000_000,
                    Runtime.getRuntime().maxMemory() / 1_000_000);
        }
    }

    @Test
    void oldJobsAreDeletedWhileOthersAreServed(DatabaseConfig.External database) throws Exception {
        // given
        TestOrganisation organisation;
        try (RunningServer server = RunningServer.start(directory, withRetention(database, 0), database, 1)) {
            organisation = server.organisation();
            fill(database, 31);
        }
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("update jobs set updated_at = updated_at + interval '2 days' where right(id, 1) = '0'");
            statement.execute("update cluster set created_at = created_at - interval '31 days'");
        }

        // when
        try (RunningServer server = RunningServer.restart(directory, withRetention(database, 30), organisation);
                ApiClient admin = server.admin()) {
            long begin = System.nanoTime();
            long[] longest = {0};
            Await.until("old jobs deleted", Duration.ofSeconds(60), () -> {
                long sent = System.nanoTime();
                String job = admin.startJob("x", organisation.nodes());
                assertThat(admin.job(job).getString("id")).isEqualTo(job);
                longest[0] = Math.max(longest[0], System.nanoTime() - sent);
                return count(database, "jobs where updated_at < now() at time zone 'UTC' - interval '30 days'") == 0;
            });

            // then
            System.out.printf(
                    "9,375 old jobs of 20 nodes deleted within %d ms after the start; longest start and look at a job"
                            + " meanwhile %d ms%n",
                    (System.nanoTime() - begin) / 1_000_000, longest[0] / 1_000_000);
            assertThat(count(database, "jobs where command like 'command %'")).isEqualTo(JOBS / 16);
            assertThat(count(database, "job_nodes where node_name <> 'node-1'")).isLessThan(JOBS / 16 * 20 + 1);
            assertThat(longest[0]).isLessThan(Duration.ofSeconds(3).toNanos());
        }
    }

    private static JsonObject withRetention(DatabaseConfig.External database, int days) {
        return TestConfig.settings(database).put("job_retention_days", days);
    }

    private static Optional<String> next(HttpResponse<byte[]> page) {
        return page.headers().firstValue("Link").map(link -> {
            Matcher matcher = NEXT.matcher(link);
            assertThat(matcher.matches()).as(link).isTrue();
            return matcher.group(1);
        });
    }

    private static double medianMillis(ApiClient admin, String path) throws Exception {
        for (int i = 0; i < WARM_UP; i++) {
            assertThat(admin.get(path).statusCode()).isEqualTo(200);
        }
        long[] nanos = new long[REQUESTS];
        for (int i = 0; i < REQUESTS; i++) {
            long begin = System.nanoTime();
            admin.get(path);
            nanos[i] = System.nanoTime() - begin;
        }
        Arrays.sort(nanos);
        return nanos[REQUESTS / 2] / 1e6;
    }

    /** Jobs without nodes, created one second after each other, now the one with the lowest number. */
    private static void fillOnlyJobs(DatabaseConfig.External database, int jobs) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    insert into jobs (id, org_id, command, status, run_timeout, last_updated_by, created_at, updated_at,
                        quorum, requestor)
                    select lpad(to_hex(n), 32, '0'), '%s', 'command ' || n %% 100, 2, 3600, 'alice',
                        now() at time zone 'UTC' - n * interval '1 second', now() at time zone 'UTC', 20, 'alice'
                    from generate_series(1, %d) n""".formatted(TestOrganisation.GUID, jobs));
            statement.execute("analyze");
        }
    }

    /** Jobs that ended one second after each other, the last one so many days ago. */
    private static void fill(DatabaseConfig.External database, int daysAgo) throws SQLException {
        String end = "now() at time zone 'UTC' - interval '" + daysAgo + " days'";
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    insert into jobs (id, org_id, command, status, run_timeout, last_updated_by, created_at, updated_at,
                        quorum, requestor)
                    select lpad(to_hex(n), 32, '0'), '%s', 'command ' || n %% 100,
                        case when n %% 500 = 0 then 7 else 2 end, 3600, 'alice', %s - n * interval '1 second',
                        %s - n * interval '1 second', 20, 'alice'
                    from generate_series(1, %d) n""".formatted(TestOrganisation.GUID, end, end, JOBS));
            statement.execute("""
                    insert into job_nodes (job_id, org_id, node_name, status, created_at, updated_at, voted_at,
                        started_at, finished_at, output_state, stdout_size, stderr_size)
                    select id, org_id, case when n = 1 and id like '%0007d0' then 'single' else
                            'node-' || (('x' || right(id, 6))::bit(24)::int + n * 37) % 1000 end,
                        3, created_at, updated_at, now(), now(), now(), 1, 20, 0
                    from jobs, generate_series(1, 20) n""");
            statement.execute("insert into job_options (job_id, capture) select id, true from jobs");
            statement.execute("""
                    insert into job_output (job_id, node_name, stdout, stderr)
                    select job_id, node_name, 'output of ' || node_name, '' from job_nodes""");
            statement.execute("""
                    insert into job_events (job_id, seq, name, at, data)
                    select id, n, 'run_complete', now(), '{"node":"node","status":"success"}'
                    from jobs, generate_series(1, 20) n""");
            statement.execute("analyze");
        }
    }

    private static long count(DatabaseConfig.External database, String from) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select count(*) from " + from)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static Connection connect(DatabaseConfig.External database) throws SQLException {
        String url = "jdbc:postgresql://" + database.host() + ":" + database.port() + "/" + database.database();
        return DriverManager.getConnection(url, database.user(), database.password());
    }
}
