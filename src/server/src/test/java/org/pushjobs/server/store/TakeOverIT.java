package org.pushjobs.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.schema.JdbcSource;
import org.pushjobs.schema.Migrations;
import org.pushjobs.server.jobs.model.Channel;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.JobSummary;
import org.pushjobs.server.jobs.model.NodeStatus;
import org.pushjobs.server.jobs.model.StoredJob;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.PostgresExtension;

/** A database of the original server becomes ours in place (storage.md). */
@ExtendWith(PostgresExtension.class)
class TakeOverIT {
    private static final String ORG = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    private static final String ORIGINAL_SCHEMA = """
            CREATE SCHEMA sqitch;
            CREATE TABLE sqitch.changes (change_id TEXT PRIMARY KEY, change TEXT NOT NULL);
            INSERT INTO sqitch.changes VALUES ('0', 'jobs');
            CREATE TABLE job_status (id INTEGER NOT NULL, description TEXT, CONSTRAINT job_status_key PRIMARY KEY (id));
            CREATE TABLE jobs (id CHARACTER(32) NOT NULL, org_id CHARACTER(32) NOT NULL, command TEXT NOT NULL,
              status INTEGER NOT NULL, run_timeout INTEGER, last_updated_by CHARACTER(32) NOT NULL,
              created_at TIMESTAMP WITHOUT TIME ZONE NOT NULL, updated_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
              quorum INTEGER);
            ALTER TABLE jobs ADD CONSTRAINT the_job_key PRIMARY KEY (id);
            ALTER TABLE jobs ADD CONSTRAINT the_status FOREIGN KEY (status) REFERENCES job_status (id);
            CREATE TABLE job_nodes (job_id CHARACTER(32), org_id CHARACTER(32) NOT NULL, node_name TEXT NOT NULL,
              status INTEGER NOT NULL, created_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
              updated_at TIMESTAMP WITHOUT TIME ZONE NOT NULL);
            ALTER TABLE job_nodes ADD CONSTRAINT the_node_key UNIQUE (job_id, org_id, node_name);
            ALTER TABLE job_nodes ADD CONSTRAINT the_job FOREIGN KEY (job_id) REFERENCES jobs (id)
              ON UPDATE CASCADE ON DELETE CASCADE;
            CREATE TABLE job_options (job_id CHARACTER(32) PRIMARY KEY REFERENCES jobs (id)
              ON UPDATE CASCADE ON DELETE CASCADE, job_user CHARACTER(32), dir TEXT, env TEXT, capture BOOLEAN,
              job_file TEXT);
            CREATE TABLE job_output (job_id CHARACTER(32) REFERENCES jobs (id) ON UPDATE CASCADE ON DELETE CASCADE,
              node_name TEXT, stdout TEXT NOT NULL, stderr TEXT NOT NULL);
            ALTER TABLE job_output ADD CONSTRAINT the_output_key UNIQUE (job_id, node_name);
            INSERT INTO job_status VALUES (0, 'voting'), (1, 'running'), (2, 'complete'), (3, 'quorum_failed'),
              (4, 'aborted'), (5, 'new'), (6, 'timed_out'), (7, 'crashed');
            """;

    /** A job of every status, id = its status; on each a node of every status, name = its status. */
    private static final String ORIGINAL_ROWS = """
            INSERT INTO jobs SELECT lpad(n::text, 32, '0'), 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'command ' || n, n, 300 + n,
              'pivotal', timestamp '2015-03-01 10:00:00' + n * interval '1 minute',
              timestamp '2015-03-01 11:00:00.25', 5 FROM generate_series(0, 7) n;
            UPDATE jobs SET run_timeout = NULL, quorum = NULL WHERE status = 7;
            INSERT INTO job_nodes SELECT id, org_id, 'node-' || s, s, created_at, updated_at
              FROM jobs, generate_series(0, 11) s;
            INSERT INTO job_options VALUES
              (lpad('2', 32, '0'), 'deploy', '/srv/app', '{"RAILS_ENV":"production","A":"b c"}', true, 'raw:#!/bin/sh'),
              (lpad('3', 32, '0'), NULL, NULL, NULL, NULL, 'base64:AAA=');
            INSERT INTO job_output VALUES
              (lpad('2', 32, '0'), 'node-3', E'It works \\u00e4\\n', ''), (lpad('2', 32, '0'), 'node-4', '', E'\\\\x00');
            """;

    @Test
    void everyRowOfAnOriginalDatabaseIsRead(DatabaseConfig.External config) throws SQLException {
        execute(config, ORIGINAL_SCHEMA, ORIGINAL_ROWS);

        try (DatabaseFixture fixture = new DatabaseFixture(config)) {
            JobStore store = new JobStore(fixture.database().pool());

            for (JobStatus status : JobStatus.values()) {
                StoredJob job = Await.result(store.find(ORG, id(status))).orElseThrow();
                assertThat(job.id()).isEqualTo(id(status));
                assertThat(job.orgGuid()).isEqualTo(ORG);
                assertThat(job.status()).isEqualTo(status);
                assertThat(job.requestor()).isEqualTo("pivotal");
                assertThat(job.terms().spec().command()).isEqualTo("command " + status.code());
                assertThat(job.createdAt())
                        .isEqualTo(Instant.parse("2015-03-01T10:00:00Z").plusSeconds(60L * status.code()));
                assertThat(job.updatedAt()).isEqualTo("2015-03-01T11:00:00.250Z");
                assertThat(job.nodes()).hasSize(NodeStatus.values().length);
                for (NodeStatus node : NodeStatus.values()) {
                    assertThat(job.nodes()).containsEntry("node-" + node.code(), node);
                }
                assertThat(job.lastEventSeq()).isZero();
            }
            assertThat(Await.result(store.list(ORG, Optional.empty(), 1000)))
                    .extracting(JobSummary::id)
                    .containsExactly(List.of(0, 1, 2, 3, 4, 5, 6, 7).stream()
                            .map("%032d"::formatted)
                            .toArray(String[]::new));
            assertThat(Await.result(store.live()))
                    .extracting(StoredJob::status)
                    .containsExactly(JobStatus.VOTING, JobStatus.RUNNING, JobStatus.NEW);
        }
    }

    @Test
    void optionsAndOutputOfAnOriginalDatabaseAreRead(DatabaseConfig.External config) throws SQLException {
        execute(config, ORIGINAL_SCHEMA, ORIGINAL_ROWS);

        try (DatabaseFixture fixture = new DatabaseFixture(config)) {
            JobStore store = new JobStore(fixture.database().pool());
            String complete = id(JobStatus.COMPLETE);

            assertThat(Await.result(store.find(ORG, complete))
                            .orElseThrow()
                            .terms()
                            .spec())
                    .isEqualTo(new JobSpec(
                            "command 2",
                            Optional.of("deploy"),
                            Optional.of("/srv/app"),
                            Optional.of(Map.of("RAILS_ENV", "production", "A", "b c")),
                            Optional.of("raw:#!/bin/sh"),
                            true));
            assertThat(Await.result(store.list(ORG, Optional.empty(), 1000))
                            .get(2)
                            .spec()
                            .user())
                    .contains("deploy");
            StoredJob crashed =
                    Await.result(store.find(ORG, id(JobStatus.CRASHED))).orElseThrow();
            assertThat(crashed.terms().quorum()).isEqualTo(12);
            assertThat(crashed.terms().runTimeoutSeconds()).isEqualTo(3600);
            assertThat(Await.result(store.list(ORG, Optional.empty(), 1000))
                            .get(7)
                            .runTimeoutSeconds())
                    .isEmpty();
            assertThat(output(store, "node-3", Channel.STDOUT)).isEqualTo("It works ä\n");
            assertThat(output(store, "node-3", Channel.STDERR)).isEmpty();
            assertThat(output(store, "node-4", Channel.STDERR)).isEqualTo("\\x00");
        }
    }

    @Test
    void jobsOfAnOriginalDatabaseAreEndedAsTheOriginalDoes(DatabaseConfig.External config) throws SQLException {
        execute(config, ORIGINAL_SCHEMA, ORIGINAL_ROWS);

        try (DatabaseFixture fixture = new DatabaseFixture(config)) {
            JobStore store = new JobStore(fixture.database().pool());

            assertThat(Await.result(fixture.writes().crashLive(Instant.parse("2026-11-22T10:00:00Z"))))
                    .isEqualTo(3);

            assertThat(Await.result(store.live())).isEmpty();
            assertThat(fixture.value("select count(*) from job_nodes where status = 10"))
                    .isEqualTo(8L + 3L);
        }
    }

    @Test
    void originalServerKeepsWorkingOnAMigratedDatabase(DatabaseConfig.External config) throws SQLException {
        execute(config, ORIGINAL_SCHEMA);
        Migrations.run(config);

        execute(config, ORIGINAL_ROWS, "UPDATE job_output SET stdout = 'again'");

        try (DatabaseFixture fixture = new DatabaseFixture(config)) {
            JobStore store = new JobStore(fixture.database().pool());
            assertThat(output(store, "node-3", Channel.STDOUT)).isEqualTo("again");
        }
    }

    @Test
    void userWithoutRightsOnTheSchemaUsesAMigratedDatabase(DatabaseConfig.External config) throws SQLException {
        Migrations.run(config);
        String user = config.database() + "_user";
        execute(
                config,
                "create role " + user + " login password 'secret'",
                "grant select, insert, update, delete on all tables in schema public to " + user);
        try {
            DatabaseConfig.External limited = new DatabaseConfig.External(
                    config.host(), config.port(), config.database(), user, "secret", config.poolSize());

            try (DatabaseFixture fixture = new DatabaseFixture(limited)) {
                assertThat(Await.result(new JobStore(fixture.database().pool()).live()))
                        .isEmpty();
                LeaseStore leases = new LeaseStore(fixture.database().leases());
                long epoch = Await.result(leases.take("server", Duration.ofSeconds(3)))
                        .orElseThrow();
                FencedWrites writes = new FencedWrites(fixture.database().writes(), epoch);
                assertThat(Await.result(writes.crashLive(Instant.now()))).isZero();
            }
        } finally {
            execute(config, "drop owned by " + user, "drop role " + user);
        }
    }

    private static String output(JobStore store, String node, Channel channel) {
        return new String(
                Await.result(store.output(ORG, id(JobStatus.COMPLETE), node, channel))
                        .orElseThrow(),
                StandardCharsets.UTF_8);
    }

    private static String id(JobStatus status) {
        return "%032d".formatted(status.code());
    }

    private static void execute(DatabaseConfig.External config, String... scripts) throws SQLException {
        try (Connection connection = JdbcSource.of(config, config.database(), Duration.ofSeconds(30))
                        .getConnection();
                Statement statement = connection.createStatement()) {
            for (String script : scripts) {
                statement.execute(script);
            }
        }
    }
}
