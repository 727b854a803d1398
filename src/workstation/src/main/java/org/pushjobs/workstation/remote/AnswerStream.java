package org.pushjobs.workstation.remote;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * An answer that is read while the server writes it. Used by one thread; a thread of its own waits for the bytes, so that
 * silence can be noticed, and gets at most {@value #MOST_AHEAD} pieces ahead.
 */
public final class AnswerStream implements AutoCloseable {
    private static final int MOST_AHEAD = 16;
    private static final int PIECE_BYTES = 16 * 1024;

    private sealed interface Piece {
        record Bytes(byte[] bytes) implements Piece {}

        record End() implements Piece {}

        record Broken(IOException cause) implements Piece {}
    }

    private final BlockingQueue<Piece> pieces = new ArrayBlockingQueue<>(MOST_AHEAD);
    private final URI uri;
    private final InputStream in;
    private final Thread reader;

    AnswerStream(URI uri, InputStream in) {
        this.uri = uri;
        this.in = in;
        this.reader = Thread.ofPlatform().daemon().name("answer-reader").start(this::read);
    }

    private void read() {
        byte[] buffer = new byte[PIECE_BYTES];
        try {
            while (true) {
                Piece piece;
                try {
                    int length = in.read(buffer);
                    piece = length < 0 ? new Piece.End() : new Piece.Bytes(Arrays.copyOf(buffer, length));
                } catch (IOException e) {
                    piece = new Piece.Broken(e);
                }
                pieces.put(piece);
                if (!(piece instanceof Piece.Bytes)) {
                    return;
                }
            }
        } catch (InterruptedException _) {
            // closed
        }
    }

    /**
     * The next bytes; empty at the end of the answer, after which this is not called again.
     *
     * @throws ServerUnreachableException when nothing came for so long, or the connection broke
     */
    public Optional<byte[]> next(Duration patience) throws ServerUnreachableException, InterruptedException {
        return switch (Optional.ofNullable(pieces.poll(patience.toMillis(), TimeUnit.MILLISECONDS))
                .orElseThrow(() -> ServerUnreachableException.afterTimeout(uri, patience))) {
            case Piece.Bytes(byte[] bytes) -> Optional.of(bytes);
            case Piece.End() -> Optional.empty();
            case Piece.Broken(IOException cause) -> throw ServerUnreachableException.broken(uri, cause);
        };
    }

    @Override
    public void close() {
        reader.interrupt();
        try {
            in.close();
        } catch (IOException _) {
            // nothing more is wanted from it
        }
    }
}
