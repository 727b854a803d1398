package org.pushjobs.agent.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.protocol.message.Output;
import org.pushjobs.protocol.message.OutputChannel;

/** Output of a command for which there is no room on the disk: what is lost is told, though not even that can be written. */
class FullDiskIT {
    private static final int LIMIT = 1_000;
    private static final String NOTICE =
            "\n[push jobs: output cut off here, 5 more bytes were written; the node had no room to keep them]\n";

    @TempDir
    private Path directory;

    /** Linux has a device for it. */
    private static SpooledChannel full() throws IOException {
        return new SpooledChannel(
                FileChannel.open(Path.of("/dev/full"), StandardOpenOption.READ, StandardOpenOption.WRITE), LIMIT);
    }

    private OutputSpool spool() throws IOException {
        OutputSpool spool = new OutputSpool(full(), SpooledChannel.open(directory, LIMIT));
        Spools.write(spool, OutputChannel.STDOUT, "hello");
        Spools.write(spool, OutputChannel.STDERR, "trouble");
        spool.seal();
        return spool;
    }

    @Test
    void droppedBytesAreToldInTheTextAndInNumbers() throws Exception {
        try (OutputSpool spool = spool()) {
            assertThat(spool.within(LIMIT)).contains(new Output(NOTICE, "trouble"));
            assertThat(spool.size(OutputChannel.STDOUT)).isEqualTo(NOTICE.length());
            assertThat(spool.droppedBytes(OutputChannel.STDOUT)).isEqualTo(5);
            assertThat(spool.droppedBytes(OutputChannel.STDERR)).isZero();
            assertThat(spool.writtenBytes()).isEqualTo(12);
        }
    }

    @Test
    void noticeIsReadInPartsAsAllElse() throws Exception {
        try (OutputSpool spool = spool()) {
            StringBuilder read = new StringBuilder();
            for (int offset = 0; offset < spool.size(OutputChannel.STDOUT); offset += 7) {
                read.append(new String(spool.read(OutputChannel.STDOUT, offset, 7), StandardCharsets.UTF_8));
            }
            assertThat(read).hasToString(NOTICE);
        }
    }

    @Test
    void partsReachFromWhatWasKeptIntoTheNotice() throws Exception {
        try (OutputSpool spool = OutputSpool.open(directory, 8)) {
            Spools.write(spool, OutputChannel.STDOUT, "0123456789");
            spool.seal();
            String notice = "\n[push jobs: output cut off here, 2 more bytes were written]\n";

            assertThat(spool.size(OutputChannel.STDOUT)).isEqualTo(8 + notice.length());
            assertThat(new String(spool.read(OutputChannel.STDOUT, 0, LIMIT), StandardCharsets.UTF_8))
                    .isEqualTo("01234567" + notice);
            assertThat(new String(spool.read(OutputChannel.STDOUT, 6, 4), StandardCharsets.UTF_8))
                    .isEqualTo("67" + notice.substring(0, 2));
            assertThat(spool.read(OutputChannel.STDOUT, 8 + notice.length(), LIMIT))
                    .isEmpty();
            assertThat(spool.within(LIMIT)).isEmpty();
        }
    }
}
