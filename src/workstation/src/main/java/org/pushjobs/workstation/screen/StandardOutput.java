package org.pushjobs.workstation.screen;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Standard output that says so when something cannot be written: {@code System.out} only keeps it in mind. Lines are written at
 * once. What comes after a failure is dropped.
 */
public final class StandardOutput extends OutputStream {
    private static final Path THIS = Path.of("/proc/self/fd/1");

    // As the system numbers what a file is.
    private static final int KINDS = 0170000;
    private static final int PIPE = 0010000;
    private static final int SOCKET = 0140000;

    private static final int BUFFER_BYTES = 8192;

    private final OutputStream out;
    private boolean failed;

    private StandardOutput(OutputStream out) {
        this.out = out;
    }

    /** That of this process, in the encoding that {@code System.out} has; its methods throw {@link OutputFailedException}. */
    public static PrintStream open() {
        OutputStream out = new StandardOutput(new FileOutputStream(FileDescriptor.out));
        return new PrintStream(new BufferedOutputStream(out, BUFFER_BYTES), true, System.out.charset());
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        if (failed) {
            return;
        }
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            failed = true;
            throw new OutputFailedException(e, isPipe());
        }
    }

    /** What can go wrong with a pipe is that nobody reads it; the message of that depends on the locale. */
    private static boolean isPipe() {
        try {
            int kind = (int) Files.getAttribute(THIS, "unix:mode") & KINDS;
            return kind == PIPE || kind == SOCKET;
        } catch (IOException _) {
            return false;
        }
    }
}
