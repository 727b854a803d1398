package org.pushjobs.simulator.failover;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.pushjobs.simulator.failover.Frontend.Answer;
import org.pushjobs.simulator.failover.Request.Outcome;

/** What an answer means to who has asked for a job to be started. */
class UsersTest {
    private static Outcome of(int status, boolean retryAfter, String body) {
        return Users.outcome(new Answer(status, retryAfter, body), 201);
    }

    @Test
    void theWantedStatusIsDone() {
        assertThat(of(201, false, "{}")).isEqualTo(Outcome.DONE);
    }

    @Test
    void theServersRefusalSaysWhenToAskAgain() {
        assertThat(of(503, true, "the job was not started: try again later")).isEqualTo(Outcome.REFUSED);
        assertThat(of(503, false, "the job was not started: try again later")).isEqualTo(Outcome.UNEXPECTED);
    }

    @Test
    void whoIsToldThatItIsNotKnownDoesNotKnow() {
        assertThat(of(503, true, "it is not known whether the job was started: …"))
                .isEqualTo(Outcome.UNKNOWN);
        assertThat(of(502, false, "")).isEqualTo(Outcome.UNKNOWN);
        assertThat(of(504, false, "")).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void nobodyShouldGetAnythingElse() {
        assertThat(of(500, false, "")).isEqualTo(Outcome.UNEXPECTED);
        assertThat(of(401, false, "")).isEqualTo(Outcome.UNEXPECTED);
    }
}
