package org.pushjobs.ctl.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.pushjobs.ctl.CtlException;

class ProgramTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @Test
    void programSaysSomethingAndEndsWithAStatus() throws Exception {
        assertThat(Program.run(List.of("sh", "-c", "echo $A; echo b >&2; exit 3"), Map.of("A", "a"), () -> "x", LONG))
                .isEqualTo(new Supervisor.Answer(3, "a\nb\n"));
    }

    @Test
    void programThatIsNotThereComesWithAdvice() {
        assertThatThrownBy(() -> Program.run(List.of("/no/such/program"), Map.of(), () -> "install it", LONG))
                .isInstanceOf(CtlException.class)
                .hasMessageStartingWith("/no/such/program cannot be run (")
                .hasMessageEndingWith("): install it");
    }

    @Test
    void programThatHangsIsKilledAndNotTakenForOneThatIsMissing() {
        assertThatThrownBy(() -> Program.run(
                        List.of("sh", "-c", "echo a; exec sleep 1000"),
                        Map.of(),
                        () -> "install it",
                        Duration.ofSeconds(1)))
                .isInstanceOf(CtlException.class)
                .hasMessage(
                        "sh -c echo a; exec sleep 1000 has not ended within 1 s and was killed; whether it has done what"
                                + " it should is not known");
    }
}
