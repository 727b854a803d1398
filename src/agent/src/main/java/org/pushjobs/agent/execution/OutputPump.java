package org.pushjobs.agent.execution;

import java.io.IOException;
import java.io.InputStream;
import org.pushjobs.protocol.message.OutputChannel;

/** Brings what a process writes into a spool. Both streams are read as they fill, so that neither blocks the other. */
final class OutputPump extends Pump {
    private static final long LONGEST_PAUSE_MILLIS = 50;
    private static final int BUFFER_BYTES = 65_536;

    private final InputStream stdout;
    private final InputStream stderr;
    private final OutputSpool spool;
    private final Runnable whenMore;
    private final byte[] buffer = new byte[BUFFER_BYTES];

    /** @param whenMore called when the spool has more */
    OutputPump(Process process, OutputSpool spool, Runnable whenMore) {
        super(LONGEST_PAUSE_MILLIS);
        this.stdout = process.getInputStream();
        this.stderr = process.getErrorStream();
        this.spool = spool;
        this.whenMore = whenMore;
    }

    @Override
    boolean readSome() throws IOException {
        return read(stdout, OutputChannel.STDOUT) | read(stderr, OutputChannel.STDERR);
    }

    /** Seals the spool, too. */
    @Override
    void end() throws IOException {
        spool.seal();
        stdout.close();
        stderr.close();
    }

    private boolean read(InputStream stream, OutputChannel channel) throws IOException {
        int available = stream.available();
        int count = available <= 0 ? 0 : stream.read(buffer, 0, Math.min(available, BUFFER_BYTES));
        if (count <= 0) {
            return false;
        }
        SpooledChannel spooled = spool.channel(channel);
        long before = spooled.size();
        spooled.write(buffer, count);
        if (spooled.size() > before) {
            whenMore.run();
        }
        return true;
    }
}
