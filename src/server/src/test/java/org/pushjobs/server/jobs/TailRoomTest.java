package org.pushjobs.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pushjobs.protocol.message.Ending;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.protocol.message.Output;
import org.pushjobs.protocol.message.OutputTail;
import org.pushjobs.server.jobs.machine.JobEvent;
import org.pushjobs.server.jobs.model.JobTerms;
import org.pushjobs.server.jobs.model.NewJob;
import org.pushjobs.server.jobs.model.NodeStatus;
import org.pushjobs.server.testing.LogCapture;

/** The last of what a failed command wrote, on its way into the database. */
class TailRoomTest {
    private static final Instant NOW = Instant.EPOCH;
    private static final OutputTail TAIL = new OutputTail(7, "secret".getBytes(StandardCharsets.UTF_8));
    private static final Ending ENDING = Ending.ofExitCode(3);

    private final LiveJob job = job(false);
    private long waitingBytes;
    private final TailRoom room = new TailRoom(100, () -> waitingBytes);

    private static LiveJob job(boolean capture) {
        JobSpec spec =
                new JobSpec("ls", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), capture);
        return LiveJob.create(
                new NewJob("1".repeat(32), "2".repeat(32), "alice", new JobTerms(spec, List.of("web"), 1, 60), NOW));
    }

    private static JobEvent failed(Optional<OutputTail> tail) {
        return new JobEvent.Failed("web", Optional.empty(), Optional.of(ENDING.with(tail)));
    }

    @Test
    void tailIsKeptUpToTheServersLimit() {
        assertThat(room.admitted(job, failed(Optional.of(TAIL)))).isEqualTo(failed(Optional.of(TAIL)));
        assertThat(new TailRoom(3, () -> 0).admitted(job, failed(Optional.of(TAIL))))
                .isEqualTo(failed(Optional.of(new OutputTail(10, "ret".getBytes(StandardCharsets.UTF_8)))));
        assertThat(new TailRoom(0, () -> 0).admitted(job, failed(Optional.of(TAIL))))
                .isEqualTo(failed(Optional.empty()));
    }

    @Test
    void onlyFailedCommandsWhoseOutputIsNotCapturedHaveOne() {
        JobEvent succeeded = new JobEvent.Succeeded(
                "web", Optional.of(new Output("a", "b")), Optional.of(ENDING.with(Optional.of(TAIL))));

        assertThat(room.admitted(job, succeeded))
                .isEqualTo(new JobEvent.Succeeded("web", Optional.of(new Output("a", "b")), Optional.of(ENDING)));
        assertThat(room.admitted(job(true), failed(Optional.of(TAIL)))).isEqualTo(failed(Optional.empty()));
        assertThat(room.admitted(job, new JobEvent.AckRun("web"))).isEqualTo(new JobEvent.AckRun("web"));
    }

    @Test
    void nodeFailsWithoutWhenTooMuchWaitsForTheDatabase() {
        try (LogCapture log = new LogCapture(TailRoom.class)) {
            waitingBytes = TailRoom.MOST_WAITING_BYTES - TAIL.data().length;
            assertThat(room.admitted(job, failed(Optional.of(TAIL)))).isEqualTo(failed(Optional.of(TAIL)));

            waitingBytes++;
            assertThat(room.admitted(job, failed(Optional.of(TAIL)))).isEqualTo(failed(Optional.empty()));
            assertThat(room.admitted(job, failed(Optional.of(TAIL)))).isEqualTo(failed(Optional.empty()));
            assertThat(room.admitted(job, failed(Optional.of(TAIL)))).isEqualTo(failed(Optional.empty()));

            // the first and the second
            assertThat(log.messages(Level.WARN)).hasSize(2).noneMatch(line -> line.contains("secret"));
        }
    }

    @Test
    void whatIsHandedOverHasTheTailWithTheStatusAndIsCountedUntilThen() {
        job.apply(new JobEvent.Started(), NOW);
        job.apply(new JobEvent.AckCommit("web"), NOW);
        job.apply(new JobEvent.AckRun("web"), NOW);
        assertThat(job.unsavedTailBytes()).isZero();

        job.apply(failed(Optional.of(TAIL)), NOW);

        assertThat(job.unsavedTailBytes()).isEqualTo(6);
        LiveJob.Unsaved unsaved = job.takeUnsaved(NOW);
        assertThat(unsaved.tailBytes()).isEqualTo(6);
        assertThat(unsaved.changes().nodes().get("web"))
                .satisfies(change -> assertThat(change.status()).isEqualTo(NodeStatus.FAILED))
                .satisfies(change -> assertThat(change.tail()).contains(TAIL));
        assertThat(job.unsavedTailBytes()).isZero();
    }

    @Test
    void resultThatComesAgainCountsForNothing() {
        job.apply(new JobEvent.Started(), NOW);
        job.apply(new JobEvent.AckCommit("web"), NOW);
        job.apply(new JobEvent.AckRun("web"), NOW);
        job.apply(failed(Optional.of(TAIL)), NOW);

        job.apply(failed(Optional.of(TAIL)), NOW);

        assertThat(job.unsavedTailBytes()).isEqualTo(6);
    }
}
