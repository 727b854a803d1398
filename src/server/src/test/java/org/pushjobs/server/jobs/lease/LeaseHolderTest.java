package org.pushjobs.server.jobs.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LeaseHolderTest {
    @Test
    void nameIsReadAgainAsItWasWritten() {
        LeaseHolder self = LeaseHolder.ofThisProcess();

        assertThat(LeaseHolder.parse(self.name())).contains(self);
        assertThat(self.pid()).isEqualTo(ProcessHandle.current().pid());
        assertThat(LeaseHolder.shown(self.name())).isEqualTo(self.host() + " (process " + self.pid() + ")");
    }

    @Test
    void eachLifeHasAnotherName() {
        assertThat(LeaseHolder.ofThisProcess().name())
                .isNotEqualTo(LeaseHolder.ofThisProcess().name());
    }

    @Test
    void whatIsNoNameIsShownAsItIs() {
        assertThat(LeaseHolder.parse("a/b/c/d/e")).isEmpty();
        assertThat(LeaseHolder.parse("")).isEmpty();
        assertThat(LeaseHolder.shown("by hand")).isEqualTo("by hand");
    }

    @Test
    void processThatRunsHasNotEnded() throws Exception {
        assertThat(LeaseHolder.ofThisProcess().hasEnded()).isFalse();
        Process sleep = new ProcessBuilder("sleep", "60").start();
        try {
            assertThat(LeaseHolder.ofProcess(sleep.pid()).hasEnded()).isFalse();
        } finally {
            sleep.destroyForcibly().waitFor();
        }
    }

    @Test
    void processThatWasKilledHasEnded() throws Exception {
        Process sleep = new ProcessBuilder("sleep", "60").start();
        LeaseHolder holder = LeaseHolder.ofProcess(sleep.pid());

        assertThat(sleep.destroyForcibly().waitFor(10, TimeUnit.SECONDS)).isTrue();

        assertThat(holder.hasEnded()).isTrue();
    }

    @Test
    void anotherProcessThatHasGotTheNumberIsNotTheHolder() {
        LeaseHolder self = LeaseHolder.ofThisProcess();

        assertThat(new LeaseHolder(self.host(), self.kernel(), self.pid(), self.began() - 1, self.life()).hasEnded())
                .isTrue();
    }

    @Test
    void ofAnotherMachineOrBootNothingIsKnown() throws Exception {
        Process sleep = new ProcessBuilder("sleep", "60").start();
        LeaseHolder holder = LeaseHolder.ofProcess(sleep.pid());
        sleep.destroyForcibly().waitFor();

        assertThat(new LeaseHolder(holder.host(), "another boot", holder.pid(), holder.began(), "").hasEnded())
                .isFalse();
        assertThat(new LeaseHolder(holder.host(), "", holder.pid(), holder.began(), "").hasEnded())
                .isFalse();
    }
}
