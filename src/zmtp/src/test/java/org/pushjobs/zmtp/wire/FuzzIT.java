package org.pushjobs.zmtp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

@Tag("load")
class FuzzIT {
    private static final Logger LOG = LoggerFactory.getLogger(FuzzIT.class);
    private static final long INPUTS = 12_000_000;

    @Test
    void noneOfManyInputsBreaksTheDecoders() {
        long seed = System.nanoTime();
        Fuzz.Outcome outcome = new Fuzz(seed).run(INPUTS);
        LOG.warn("fuzzing done [seed: {}, outcome: {}]", seed, outcome);
        assertThat(outcome.inputs()).isEqualTo(INPUTS);
    }
}
