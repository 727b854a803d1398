package org.pushjobs.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.pushjobs.agent.execution.CommandRunner;
import org.pushjobs.agent.execution.FileDirectory;
import org.pushjobs.agent.execution.JobPreparation;
import org.pushjobs.agent.fake.Until;
import org.pushjobs.agent.settings.JobSettings;

class JobDeskTest {
    @Test
    void jobsAreTakenThoughWhatAnEarlierAgentLeftRunningCannotBeEnded() throws Exception {
        try (Mailbox mailbox = new Mailbox();
                FileDirectory files = new FileDirectory()) {
            JobDesk desk = new JobDesk(
                    new JobPreparation(() -> JobSettings.DEFAULT, files),
                    new CommandRunner("web-1", () -> JobSettings.DEFAULT),
                    mailbox,
                    1_000);

            desk.endLeftovers(() -> {
                throw new IllegalStateException("unforeseen");
            });

            assertThat(desk.isCleaning()).isTrue();
            Until.isTrue("jobs are taken", () -> {
                mailbox.runAll();
                return !desk.isCleaning();
            });
        }
    }
}
