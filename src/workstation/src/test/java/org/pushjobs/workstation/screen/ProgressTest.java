package org.pushjobs.workstation.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final String ERASE = "\r\u001b[K";

    private static String written(Function<PrintStream, Progress> kind) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Progress progress = kind.apply(new PrintStream(out, true, StandardCharsets.UTF_8));
        progress.show("Voting.");
        progress.show("Voting.");
        progress.note("No news.");
        progress.show("Running.");
        progress.end();
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void plainProgressIsALineForEachChange() {
        assertThat(written(PlainProgress::new)).isEqualTo("Voting.\nNo news.\nRunning.\n");
    }

    @Test
    void liveProgressIsOneLineThatIsRewrittenAndNotesStayAboveIt() {
        assertThat(written(LiveProgress::new))
                .isEqualTo(ERASE + "Voting." + ERASE + "No news.\nVoting." + ERASE + "Running.\n");
    }
}
