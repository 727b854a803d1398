package org.pushjobs.server.jobs.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pushjobs.protocol.message.Ending;
import org.pushjobs.protocol.message.NackReason;
import org.pushjobs.protocol.message.Output;
import org.pushjobs.protocol.message.StreamedOutput;

/** What agents that speak protocol 2.1 say more (docs/decisions/0016). */
class JobMachineExtensionsTest {
    private static final NackReason BUSY = new NackReason("busy", "busy with job x");
    private static final Optional<Ending> ENDED_0 = Optional.of(Ending.ofExitCode(0));
    private static final Optional<Ending> ENDED_7 = Optional.of(Ending.ofExitCode(7));
    private static final Optional<Ending> TIMED_OUT =
            Optional.of(new Ending(143, Optional.of("TERM"), true, Optional.empty()));
    private static final Optional<Ending> STREAMED =
            Optional.of(new Ending(0, Optional.empty(), false, Optional.of(new StreamedOutput(3, 0, 0, 0))));

    private static String on(JobMachine job, JobEvent event) {
        return EffectText.of(job.on(event));
    }

    private static JobMachine voting() {
        JobMachine job = JobMachine.create(List.of("a", "b"), 1, true);
        job.on(new JobEvent.Started());
        return job;
    }

    /** Both nodes run. */
    private static JobMachine running() {
        JobMachine job = voting();
        for (String node : List.of("a", "b")) {
            job.on(new JobEvent.AckCommit(node));
        }
        for (String node : List.of("a", "b")) {
            job.on(new JobEvent.AckRun(node));
        }
        return job;
    }

    @Test
    void reasonOfARefusalIsNoted() {
        assertThat(on(voting(), new JobEvent.NackCommit("a", Optional.of(BUSY))))
                .isEqualTo("a is nacked; a refuses: busy; quorum_vote a failure");
    }

    @Test
    void reasonOfARefusalToRunIsNoted() {
        JobMachine job = voting();
        job.on(new JobEvent.AckCommit("a"));
        job.on(new JobEvent.AckCommit("b"));

        assertThat(on(job, new JobEvent.NackRun("a", Optional.of(BUSY))))
                .isEqualTo("a is failed; a refuses: busy; rehab a; rehabilitate a; run_complete a run_nacked");
    }

    @Test
    void resultIsAcknowledgedBeforeTheJobEnds() {
        JobMachine job = running();

        assertThat(on(job, new JobEvent.Succeeded("a", Optional.empty(), ENDED_0)))
                .isEqualTo("a is succeeded; a ended with 0; no output of a; run_complete a success; ack result of a");
        assertThat(on(job, new JobEvent.Failed("b", Optional.of(new Output("", "")), ENDED_7)))
                .isEqualTo("b is failed; b ended with 7; keep output of b; run_complete b failure; ack result of b;"
                        + " job is complete; job_complete complete; end");
    }

    @Test
    void outputThatWasStreamedIsNeitherKeptNorMissed() {
        assertThat(on(running(), new JobEvent.Succeeded("a", Optional.empty(), STREAMED)))
                .isEqualTo("a is succeeded; a ended with 0; run_complete a success; ack result of a");
    }

    @Test
    void resultThatComesAgainIsAcknowledgedAndNothingElse() {
        JobMachine job = running();
        JobEvent result = new JobEvent.Succeeded("a", Optional.empty(), ENDED_0);
        job.on(result);

        assertThat(on(job, result)).isEqualTo("ack result of a");
        assertThat(on(job, new JobEvent.Failed("a", Optional.empty(), ENDED_7))).isEqualTo("ack result of a");
    }

    @Test
    void resultThatComesAgainWithoutAnEndingRehabilitatesAsEver() {
        JobMachine job = running();
        job.on(new JobEvent.Succeeded("a", Optional.empty()));

        assertThat(on(job, new JobEvent.Succeeded("a", Optional.empty())))
                .isEqualTo("rehab a; rehabilitate a; run_complete a client_died_while_running");
    }

    @Test
    void lateResultOfANodeThatCrashedIsAcknowledgedAndChangesNothing() {
        JobMachine job = running();
        job.on(new JobEvent.Down("a"));

        assertThat(on(job, new JobEvent.Succeeded("a", Optional.empty(), ENDED_0)))
                .isEqualTo("ack result of a");
    }

    @Test
    void resultAfterTheAbortIsAcknowledged() {
        JobMachine job = running();
        job.on(new JobEvent.AbortRequested("alice"));
        job.on(new JobEvent.Aborted("a"));

        assertThat(on(job, new JobEvent.Succeeded("a", Optional.empty(), ENDED_0)))
                .isEqualTo("ack result of a");
    }

    @Test
    void resultOutOfTurnIsAcknowledgedToo() {
        assertThat(on(voting(), new JobEvent.Succeeded("a", Optional.empty(), ENDED_0)))
                .isEqualTo("a is unavailable; rehab a; rehabilitate a; ack result of a");
    }

    @Test
    void commandWhoseRunTimeTheAgentEnforcedHasTimedOut() {
        JobMachine job = running();

        assertThat(on(job, new JobEvent.TimingOut("a"))).isEqualTo("a is running");
        assertThat(on(job, new JobEvent.Failed("a", Optional.empty(), TIMED_OUT)))
                .isEqualTo("a is timed_out; a ended with 143; no output of a; run_complete a failure; ack result of a");
    }
}
