package org.pushjobs.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.server.jobs.model.JobTerms;
import org.pushjobs.server.jobs.model.NewJob;

class ReportLedgerTest {
    private final ReportLedger ledger = new ReportLedger();
    private final LiveJob job = LiveJob.create(new NewJob(
            "0123456789abcdef0123456789abcdef",
            "org",
            "alice",
            new JobTerms(JobSpec.of("true"), List.of("web-1"), 1, 60),
            Instant.EPOCH));

    @Test
    void aReportIsNewOnce() {
        assertThat(ledger.isNew(report(1))).isTrue();
        assertThat(ledger.isNew(report(1))).isFalse();
        assertThat(ledger.isNew(new ReportRef("other", 1))).isTrue();
    }

    @Test
    void nothingIsAcknowledgedBehindAReportThatIsNotStored() {
        ledger.isNew(report(1));
        ledger.isNew(report(2));
        ledger.isNew(report(3));

        ledger.settled(report(2));
        ledger.settled(report(3));

        assertThat(ledger.takeNews()).isEmpty();
        ledger.settled(report(1));
        assertThat(ledger.takeNews()).containsExactly(Map.entry("gateway", 3L));
    }

    @Test
    void whatWasAcknowledgedIsNotAcknowledgedAgain() {
        ledger.isNew(report(1));
        ledger.settled(report(1));

        assertThat(ledger.takeNews()).hasSize(1);
        assertThat(ledger.takeNews()).isEmpty();
    }

    @Test
    void reportsThatWereLetGoLeaveNoHole() {
        ledger.isNew(report(5));
        ledger.settled(report(5));

        assertThat(ledger.takeNews()).containsEntry("gateway", 5L);
    }

    @Test
    void aJobThatIsGivenUpOwesNothing() {
        ledger.isNew(report(1));
        ledger.isAbout(job, report(1));
        ledger.isNew(report(2));
        ledger.isAbout(job, report(2));
        ledger.settled(job, report(2));

        ledger.forget(job);

        assertThat(ledger.takeNews()).containsEntry("gateway", 2L);
    }

    private static ReportRef report(long number) {
        return new ReportRef("gateway", number);
    }
}
