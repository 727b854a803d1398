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
    void liveProgressHasALineForEachStateAndNotesStayAboveIt() {
        assertThat(written(out -> new LiveProgress(out, () -> 80)))
                .isEqualTo(ERASE + "Voting." + ERASE + "No news.\nVoting." + "\n" + ERASE + "Running.\n");
    }

    @Test
    void liveLineIsRewrittenWhileOnlyItsNumbersChange() {
        // given
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Progress progress = new LiveProgress(new PrintStream(out, true, StandardCharsets.UTF_8), () -> 80);

        // when
        progress.show("Running (2/2 in progress) ...");
        progress.show("Running (1/2 in progress) ...");
        progress.show("Complete.");
        progress.end();

        // then
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo(ERASE + "Running (2/2 in progress) ..." + ERASE + "Running (1/2 in progress) ...\n" + ERASE
                        + "Complete.\n");
    }

    @Test
    void othersWriteAboveTheLiveLineWhichStaysTheLastOne() {
        // given
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream terminal = new PrintStream(out, true, StandardCharsets.UTF_8);
        Progress progress = new LiveProgress(terminal, () -> 80);

        // when
        progress.above(() -> terminal.println("nothing is shown yet"));
        progress.show("Voting.");
        progress.show("Running (1/1 in progress) ...");
        progress.above(() -> terminal.println("web-1 | done"));
        progress.show("Complete.");
        progress.end();

        // then
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo("nothing is shown yet\n" + ERASE + "Voting." + ERASE + "Running (1/1 in progress) ..."
                        + ERASE + "web-1 | done\nRunning (1/1 in progress) ..." + ERASE + "Complete.\n");
    }

    @Test
    void othersWriteBetweenTheLinesOfPlainProgress() {
        // given
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream file = new PrintStream(out, true, StandardCharsets.UTF_8);
        Progress progress = new PlainProgress(file);

        // when
        progress.show("Running.");
        progress.above(() -> file.println("web-1 | done"));
        progress.show("Complete.");

        // then
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("Running.\nweb-1 | done\nComplete.\n");
    }

    @Test
    void liveLineIsCutOffBeforeItWraps() {
        // given
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Progress progress = new LiveProgress(new PrintStream(out, true, StandardCharsets.UTF_8), () -> 20);

        // when
        progress.show("Running (1/2 in progress) ...");

        // then
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(ERASE + "Running (1/2 in ...");
    }
}
