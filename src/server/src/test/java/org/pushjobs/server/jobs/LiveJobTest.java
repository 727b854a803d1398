package org.pushjobs.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.server.jobs.machine.JobEffect;
import org.pushjobs.server.jobs.machine.JobEvent;
import org.pushjobs.server.jobs.model.JobTerms;
import org.pushjobs.server.jobs.model.NewJob;

/** What waits until what came before it is stored. */
class LiveJobTest {
    private static final Instant NOW = Instant.EPOCH;

    private final LiveJob job = LiveJob.create(new NewJob(
            "1".repeat(32), "2".repeat(32), "alice", new JobTerms(JobSpec.of("ls"), List.of("web", "db"), 1, 60), NOW));

    @Test
    void commitsThatWaitAreSentOnce() {
        job.apply(new JobEvent.Started(), NOW);

        assertThat(waiting()).contains(new JobEffect.SendCommit(List.of("web", "db")));
        assertThat(waiting()).isEmpty();
    }

    @Test
    void nobodyIsToldToCommitAndThenToAbort() {
        job.apply(new JobEvent.Started(), NOW);

        job.apply(new JobEvent.AbortRequested("alice"), NOW);

        assertThat(waiting())
                .contains(new JobEffect.SendAbort(List.of("web", "db")))
                .noneMatch(JobEffect.SendCommit.class::isInstance);
    }

    @Test
    void nodeThatIsToBeAbortedIsNotToldToRunFirst() {
        job.apply(new JobEvent.Started(), NOW);
        job.apply(new JobEvent.AckCommit("web"), NOW);
        waiting();

        job.apply(new JobEvent.AckCommit("db"), NOW);
        job.apply(new JobEvent.Down("web"), NOW);

        assertThat(waiting())
                .contains(new JobEffect.SendRun(List.of("db")), new JobEffect.Rehabilitate("web"))
                .doesNotContain(new JobEffect.SendRun(List.of("web", "db")));
    }

    @Test
    void jobThatIsAbortedBeforeItsQuorumIsStoredRunsNowhere() {
        job.apply(new JobEvent.Started(), NOW);
        waiting();
        job.apply(new JobEvent.AckCommit("web"), NOW);
        job.apply(new JobEvent.AckCommit("db"), NOW);

        job.apply(new JobEvent.AbortRequested("alice"), NOW);

        assertThat(waiting())
                .contains(new JobEffect.SendAbort(List.of("web", "db")))
                .noneMatch(JobEffect.SendRun.class::isInstance);
    }

    private List<JobEffect> waiting() {
        return job.takeUnsaved(NOW).waiting();
    }
}
