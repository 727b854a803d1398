package org.pushjobs.server.facts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.pushjobs.protocol.message.Output;

class KeptOutputsTest {
    private final KeptOutputs outputs = new KeptOutputs();
    private final Random random = new Random(7);

    private record Kept(Output output, KeptOutputs.Place place) {}

    @Test
    void outputsStayAsTheyWereUntilTheyAreLetGo() {
        Deque<Kept> kept = new ArrayDeque<>();
        for (int round = 0; round < 2_000; round++) {
            Output output = new Output(text(), text());
            kept.addLast(new Kept(output, outputs.add(output)));
            while (kept.size() > random.nextInt(200)) {
                outputs.letGoUpTo(kept.removeFirst().place());
            }
            if (round % 50 == 0) {
                kept.forEach(one -> assertThat(outputs.get(one.place())).isEqualTo(one.output()));
            }
            assertThat(outputs.bytes())
                    .isEqualTo(kept.stream()
                            .mapToLong(one ->
                                    one.place().stdoutBytes() + one.place().stderrBytes())
                            .sum());
        }
    }

    @Test
    void outputMayBeLargerThanABlock() {
        Output output = new Output("é".repeat(2_000_000), "x".repeat(1_500_000));

        outputs.add(new Output("abc", ""));
        KeptOutputs.Place place = outputs.add(output);

        assertThat(outputs.get(place)).isEqualTo(output);
        outputs.letGoUpTo(place);
        assertThat(outputs.bytes()).isZero();
    }

    private String text() {
        return random.nextBoolean()
                ? ""
                : String.valueOf((char) ('a' + random.nextInt(900))).repeat(random.nextInt(70_000));
    }
}
