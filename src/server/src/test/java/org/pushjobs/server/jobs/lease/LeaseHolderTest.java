package org.pushjobs.server.jobs.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LeaseHolderTest {
    private static final String LIFE = "5a3c";

    @Test
    void nameIsReadAgainAsItWasWritten() {
        LeaseHolder self = LeaseHolder.ofThisProcess(LIFE);

        assertThat(LeaseHolder.parse(self.name())).contains(self);
        assertThat(self.pid()).isEqualTo(ProcessHandle.current().pid());
        assertThat(LeaseHolder.shown(self.name())).isEqualTo(self.host() + " (process " + self.pid() + ")");
    }

    @Test
    void eachLifeHasAnotherName() {
        assertThat(LeaseHolder.ofThisProcess(LIFE).name())
                .isNotEqualTo(LeaseHolder.ofThisProcess("another one").name());
    }

    @Test
    void whatIsNoNameIsShownAsItIs() {
        assertThat(LeaseHolder.parse("a/b/c/d/e")).isEmpty();
        assertThat(LeaseHolder.parse("")).isEmpty();
        assertThat(LeaseHolder.shown("by hand")).isEqualTo("by hand");
    }

    @Test
    void processThatRunsHasNotEnded() throws Exception {
        assertThat(LeaseHolder.ofThisProcess(LIFE).hasEnded()).isFalse();
        Process sleep = new ProcessBuilder("sleep", "60").start();
        try {
            assertThat(LeaseHolder.ofProcess(sleep.pid(), LIFE).hasEnded()).isFalse();
        } finally {
            sleep.destroyForcibly().waitFor();
        }
    }

    @Test
    void processThatWasKilledHasEnded() throws Exception {
        Process sleep = new ProcessBuilder("sleep", "60").start();
        LeaseHolder holder = LeaseHolder.ofProcess(sleep.pid(), LIFE);

        assertThat(sleep.destroyForcibly().waitFor(10, TimeUnit.SECONDS)).isTrue();

        assertThat(holder.hasEnded()).isTrue();
    }

    @Test
    void anotherProcessThatHasGotTheNumberIsNotTheHolder() {
        LeaseHolder self = LeaseHolder.ofThisProcess(LIFE);

        assertThat(new LeaseHolder(self.host(), self.kernel(), self.pid(), self.began() - 1, self.life()).hasEnded())
                .isTrue();
    }

    @Test
    void ofAnotherMachineOrBootNothingIsKnown() throws Exception {
        Process sleep = new ProcessBuilder("sleep", "60").start();
        LeaseHolder holder = LeaseHolder.ofProcess(sleep.pid(), LIFE);
        sleep.destroyForcibly().waitFor();

        assertThat(new LeaseHolder(holder.host(), "another boot", holder.pid(), holder.began(), "").hasEnded())
                .isFalse();
        assertThat(new LeaseHolder(holder.host(), "", holder.pid(), holder.began(), "").hasEnded())
                .isFalse();
    }
}
