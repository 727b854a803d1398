package org.pushjobs.server.control;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.pushjobs.server.bus.CodecCheck;
import org.pushjobs.server.jobs.TermAge;
import org.pushjobs.server.management.Readiness;

class ControlFormatsTest {
    @Test
    void whatAServerSaysOfItselfStandsAll() {
        new CodecCheck<>(ControlFormats.STATE, records -> records.make(MemberState.class)).all();
    }

    @Test
    void whatAServerSaysOfItselfIsWrittenAsEver() throws IOException {
        CodecCheck.isWrittenAsEver(
                ControlFormats.STATE,
                new MemberState(
                        Optional.of(new Readiness("not able", Optional.of("why"))),
                        Optional.of(new TermAge(
                                7, Duration.ofSeconds(60), Duration.ofMillis(300), Duration.ofMillis(2_200))),
                        Optional.of(new Readiness("ready", Optional.empty())),
                        1_000,
                        Optional.of("db-1:5432"),
                        Optional.of("problem"),
                        Optional.of(new MemberState.Drain(Duration.ofSeconds(5), 12)),
                        Optional.empty(),
                        OptionalInt.empty()));
    }
}
