package org.pushjobs.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.agent.execution.CommandRunner;
import org.pushjobs.agent.execution.FileDirectory;
import org.pushjobs.agent.execution.JobPreparation;
import org.pushjobs.agent.fake.Until;
import org.pushjobs.agent.settings.AgentException;
import org.pushjobs.agent.settings.JobSettings;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.message.ServerMessage.Commit;

/** Jobs that come while what an earlier agent has left running is being ended. */
class JobDeskTest {
    private static final Commit COMMIT = new Commit("a", "push.example.com", JobSpec.of("chef-client"));

    @TempDir
    private Path directory;

    private final Mailbox mailbox = new Mailbox();
    private final FileDirectory files = new FileDirectory();
    private JobDesk desk;

    @BeforeEach
    void makeDesk() throws AgentException {
        JobSettings settings = JobSettings.DEFAULT.withFileDir(directory);
        desk = new JobDesk(
                new JobPreparation(() -> settings, files), new CommandRunner("web-1", () -> settings), mailbox, 1_000);
    }

    @AfterEach
    void close() {
        files.close();
        mailbox.close();
    }

    private boolean isCommitted() {
        mailbox.runAll();
        return desk.phaseState() == JobState.COMMITTED;
    }

    @Test
    void jobWaitsUntilNothingIsLeft() throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        desk.endLeftovers(() -> {
            asked.countDown();
            await(left);
        });

        desk.commit(COMMIT);
        asked.await();
        assertThat(isCommitted()).isFalse();
        assertThat(desk.answers()).isEmpty();

        left.countDown();
        Until.isTrue("the node votes for the job", this::isCommitted);
    }

    @Test
    void jobIsTakenThoughWhatIsLeftCannotBeEnded() throws Exception {
        desk.endLeftovers(() -> {
            throw new IllegalStateException("unforeseen");
        });

        desk.commit(COMMIT);

        Until.isTrue("the node votes for the job", this::isCommitted);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
