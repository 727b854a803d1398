package org.pushjobs.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.server.jobs.model.EventRow;
import org.pushjobs.server.jobs.model.JobChanges;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.JobTerms;
import org.pushjobs.server.jobs.model.NewJob;
import org.pushjobs.server.jobs.model.OrgEventRow;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.PostgresExtension;

@ExtendWith(PostgresExtension.class)
class EventStoreIT {
    private static final String ORG = "0123456789abcdef0123456789abcdef";
    private static final String OTHER_ORG = "ffffffffffffffffffffffffffffffff";
    private static final Instant START = Instant.parse("2026-11-22T10:00:00.123456Z");

    private DatabaseFixture fixture;
    private JobStore jobs;
    private FencedWrites writes;
    private EventStore events;

    @BeforeEach
    void open(DatabaseConfig.External config) {
        fixture = new DatabaseFixture(config);
        jobs = new JobStore(fixture.database().pool());
        writes = fixture.writes();
        events = new EventStore(fixture.database().pool());
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void eventsOfAJobComeInPages() {
        // given
        EventRow[] rows = IntStream.rangeClosed(1, 5)
                .mapToObj(seq -> event(seq, "rehab", START.plusSeconds(seq)))
                .toArray(EventRow[]::new);
        save(List.of(job(1, ORG)), changes(1, ORG, rows));

        // then
        assertThat(Await.result(events.ofJob(id(1), 0, 3))).containsExactly(rows[0], rows[1], rows[2]);
        assertThat(Await.result(events.ofJob(id(1), 3, 3))).containsExactly(rows[3], rows[4]);
        assertThat(Await.result(events.ofJob(id(1), 5, 3))).isEmpty();
        assertThat(Await.result(events.ofJob(id(2), 0, 3))).isEmpty();
    }

    @Test
    void organisationHasStartAndEndOfItsJobsInOneStrictOrder() {
        // given: many jobs at the same moment, then a clock that was set back, and another organisation
        save(
                List.of(job(1, ORG), job(2, ORG), job(3, OTHER_ORG)),
                changes(1, ORG, event(1, "start", START), event(2, "rehab", START.plusMillis(1))),
                changes(2, ORG, event(1, "start", START)),
                changes(3, OTHER_ORG, event(1, "start", START)));
        save(List.of(), changes(2, ORG, event(2, "job_complete", START.minusSeconds(9))));
        save(List.of(), changes(1, ORG, event(3, "job_complete", START.plusSeconds(1))));

        // when
        List<OrgEventRow> found = Await.result(events.ofOrganisation(ORG, Instant.EPOCH, 10));

        // then
        assertThat(found)
                .extracting(row -> row.jobId().substring(31) + row.name())
                .containsExactly("1start", "2start", "2job_complete", "1job_complete");
        assertThat(found)
                .extracting(OrgEventRow::at)
                .containsExactly(START, micros(1), micros(2), START.plusSeconds(1));
        assertThat(Await.result(events.ofOrganisation(ORG, micros(1), 1))).containsExactly(found.get(2));
        assertThat(Await.result(events.newestOfOrganisation(ORG))).contains(START.plusSeconds(1));
        assertThat(Await.result(events.newestOfOrganisation(OTHER_ORG))).contains(START);
        assertThat(Await.result(events.newestOfOrganisation("e".repeat(32)))).isEmpty();
        assertThat(Await.result(events.isOfOrganisation(ORG, micros(2)))).isTrue();
        assertThat(Await.result(events.isOfOrganisation(ORG, micros(3)))).isFalse();
    }

    @Test
    void whatIsStoredAgainDoesNotComeAgain() {
        // given
        JobChanges changes = changes(1, ORG, event(1, "start", START), event(2, "job_complete", micros(5)));
        save(List.of(job(1, ORG)), changes);

        // when
        save(List.of(job(1, ORG)), changes);

        // then
        assertThat(Await.result(events.ofOrganisation(ORG, Instant.EPOCH, 10)))
                .extracting(OrgEventRow::at)
                .containsExactly(START, micros(5));
    }

    @Test
    void jobsThatAreCrashedAtTheStartEndInTheFeedToo() {
        // given
        save(
                List.of(job(1, ORG), job(2, ORG)),
                changes(1, ORG, event(1, "start", START)),
                changes(2, ORG, event(1, "start", micros(1))));

        // when
        int crashed = Await.result(writes.crashLive(START));

        // then
        assertThat(crashed).isEqualTo(2);
        List<OrgEventRow> found = Await.result(events.ofOrganisation(ORG, micros(1), 10));
        assertThat(found).extracting(OrgEventRow::name).containsOnly("job_complete");
        assertThat(found).extracting(OrgEventRow::at).containsExactly(micros(2), micros(3));
    }

    @Test
    void newestEventsAreThoseOfLiveJobs() {
        // given
        save(
                List.of(job(1, ORG), job(2, ORG), job(3, ORG)),
                changes(1, ORG, event(1, "start", START), event(2, "rehab", micros(7))),
                changes(2, ORG, event(1, "start", START)),
                new JobChanges(
                        id(2),
                        ORG,
                        Revisions.next(),
                        Optional.of(JobStatus.COMPLETE),
                        Map.of(),
                        Map.of(),
                        List.of(),
                        START));

        // then
        assertThat(Await.result(jobs.newestEvents())).isEqualTo(Map.of(id(1), micros(7)));
    }

    @Test
    void eventsOfADeletedJobAreGone() {
        // given
        save(List.of(job(1, ORG)), changes(1, ORG, event(1, "start", START)));

        // when
        fixture.query("delete from jobs");

        // then
        assertThat(fixture.value("select count(*) from org_events")).isEqualTo(0L);
    }

    @Test
    void feedOfAnOrganisationIsReadByItsIndex() {
        // given
        List<NewJob> many = new ArrayList<>();
        List<JobChanges> starts = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            many.add(job(i, ORG));
            starts.add(changes(i, ORG, event(1, "start", START.plusMillis(i))));
        }
        Await.result(writes.save(many, starts));
        fixture.query("analyze org_events");
        fixture.query("analyze job_events");

        // when
        String plan = fixture.plan(EventStore.OF_ORGANISATION, ORG, "2026-11-22T10:00:03Z", 100);

        // then
        assertThat(plan)
                .contains("org_events_pkey")
                .contains("job_events_pkey")
                .doesNotContain("Seq Scan")
                .doesNotContain("Sort");
    }

    private void save(List<NewJob> created, JobChanges... changes) {
        Await.result(writes.save(created, List.of(changes)));
    }

    private static NewJob job(int number, String org) {
        JobSpec spec =
                new JobSpec("true", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false);
        return new NewJob(id(number), org, "alice", new JobTerms(spec, List.of("web-1"), 1, 60), START);
    }

    private static JobChanges changes(int number, String org, EventRow... rows) {
        return new JobChanges(
                id(number), org, Revisions.next(), Optional.empty(), Map.of(), Map.of(), List.of(rows), START);
    }

    private static EventRow event(int seq, String name, Instant at) {
        return new EventRow(seq, name, at, new JsonObject().put("n", seq));
    }

    private static Instant micros(int afterStart) {
        return START.plusNanos(1_000L * afterStart);
    }

    private static String id(int number) {
        return "%032x".formatted(number);
    }
}
