package org.pushjobs.zmtp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FuzzTest {
    private static final long INPUTS = 200_000;
    private static final long SEED = 20_261_122;

    @Test
    void noInputBreaksTheDecoders() {
        // when: an exception other than ProtocolException would end it
        Fuzz.Outcome outcome = new Fuzz(SEED).run(INPUTS);

        // then: the inputs got everywhere
        assertThat(outcome.inputs()).isEqualTo(INPUTS);
        assertThat(outcome.messages()).isGreaterThan(INPUTS / 100);
        assertThat(outcome.commands()).isGreaterThan(INPUTS / 1_000);
        assertThat(outcome.handshakes()).isGreaterThan(INPUTS / 1_000);
        assertThat(outcome.faults())
                .containsKeys(
                        CloseReason.NOT_ZMTP,
                        CloseReason.OLD_PROTOCOL,
                        CloseReason.MALFORMED,
                        CloseReason.FORGED,
                        CloseReason.STALE_NONCE,
                        CloseReason.FRAME_TOO_LARGE,
                        CloseReason.MESSAGE_TOO_LARGE);
    }
}
