package org.pushjobs.simulator.diary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.simulator.diary.Entry.What;

class DiaryFileTest {
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(1234), ZoneOffset.UTC);

    @TempDir
    Path directory;

    @Test
    void whatWasNotedCanBeReadAndIsAppended() throws Exception {
        Path file = directory.resolve("diary");

        for (String node : new String[] {"n1", "n2"}) {
            try (Diary diary = new DiaryFile(file, CLOCK)) {
                diary.note(What.ACK_RUN, node, Optional.of("job"));
                diary.note(What.LOST, node, Optional.empty());
            }
        }

        assertThat(Files.readAllLines(file).stream().map(Entry::parse))
                .containsExactly(
                        new Entry(1234, What.ACK_RUN, "n1", Optional.of("job")),
                        new Entry(1234, What.LOST, "n1", Optional.empty()),
                        new Entry(1234, What.ACK_RUN, "n2", Optional.of("job")),
                        new Entry(1234, What.LOST, "n2", Optional.empty()));
    }

    @Test
    void aLineThatIsCutOffIsNoEntry() {
        assertThatThrownBy(() -> Entry.parse("1234 ACK_RUN n1")).isInstanceOf(IllegalArgumentException.class);
    }
}
