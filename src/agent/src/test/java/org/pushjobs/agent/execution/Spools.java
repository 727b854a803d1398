package org.pushjobs.agent.execution;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.pushjobs.protocol.message.OutputChannel;

/** Fills spools as a command would. */
public final class Spools {
    private Spools() {}

    public static OutputSpool open(Path directory, int limitBytes) throws IOException {
        return OutputSpool.open(directory, limitBytes);
    }

    public static OutputSpool sealed(Path directory, int limitBytes, String stdout, String stderr) throws IOException {
        OutputSpool spool = open(directory, limitBytes);
        write(spool, OutputChannel.STDOUT, stdout);
        write(spool, OutputChannel.STDERR, stderr);
        spool.seal();
        return spool;
    }

    public static void write(OutputSpool spool, OutputChannel channel, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        spool.channel(channel).write(bytes, bytes.length);
    }

    public static void seal(OutputSpool spool) {
        spool.seal();
    }
}
