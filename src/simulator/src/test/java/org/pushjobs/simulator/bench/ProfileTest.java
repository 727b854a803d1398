package org.pushjobs.simulator.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProfileTest {
    @Test
    void summarySaysWhatFramesTakeThemselvesAndWithWhatTheyCall() {
        String summary = Profile.summary(List.of("run;read;decode 30", "run;read 50", "run;run;write 20"));

        assertThat(summary.lines().toList())
                .containsExactly(
                        "100 samples",
                        "",
                        "Time in a frame itself:",
                        " 50.0 %  read",
                        " 30.0 %  decode",
                        " 20.0 %  write",
                        "",
                        "Time in a frame and in what it calls:",
                        "100.0 %  run",
                        " 80.0 %  read",
                        " 30.0 %  decode",
                        " 20.0 %  write");
    }
}
