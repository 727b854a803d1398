package org.pushjobs.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.pushjobs.zmtp.wire.CloseReason;
import org.pushjobs.zmtp.wire.Frames;

/** Remembers what happened to connections, and does something with their messages. */
final class Recorder<U> implements ZmtpListener<U> {
    private static final long PATIENCE_SECONDS = 30;

    private final BlockingQueue<ZmtpConnection<U>> opened = new LinkedBlockingQueue<>();
    private final BlockingQueue<List<byte[]>> messages = new LinkedBlockingQueue<>();
    private final BlockingQueue<CloseReason> closed = new LinkedBlockingQueue<>();
    private final BiConsumer<ZmtpConnection<U>, byte[][]> answer;

    private Recorder(BiConsumer<ZmtpConnection<U>, byte[][]> answer) {
        this.answer = answer;
    }

    static <U> Recorder<U> silent() {
        return new Recorder<>((_, _) -> {});
    }

    static <U> Recorder<U> echo() {
        return new Recorder<>(ZmtpConnection::send);
    }

    static <U> Recorder<U> answering(BiConsumer<ZmtpConnection<U>, byte[][]> answer) {
        return new Recorder<>(answer);
    }

    @Override
    public void opened(ZmtpConnection<U> connection) {
        opened.add(connection);
    }

    @Override
    public void message(ZmtpConnection<U> connection, Frames frames) {
        List<byte[]> copies = new ArrayList<>();
        for (int i = 0; i < frames.count(); i++) {
            copies.add(frames.copy(i));
        }
        messages.add(copies);
        answer.accept(connection, copies.toArray(byte[][]::new));
    }

    @Override
    public void closed(ZmtpConnection<U> connection, CloseReason reason) {
        closed.add(reason);
    }

    ZmtpConnection<U> nextOpened() throws InterruptedException {
        return next(opened, "no connection was opened");
    }

    List<byte[]> nextMessage() throws InterruptedException {
        return next(messages, "no message came");
    }

    CloseReason nextClosed() throws InterruptedException {
        return next(closed, "no connection was closed");
    }

    int messagesWaiting() {
        return messages.size();
    }

    /** Whether a connection was opened that nobody asked for yet; waits for one. */
    boolean isOpenedWithin(Duration time) throws InterruptedException {
        long deadline = System.nanoTime() + time.toNanos();
        while (opened.isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(2);
        }
        return wasOpened();
    }

    boolean wasOpened() {
        return !opened.isEmpty();
    }

    private static <T> T next(BlockingQueue<T> queue, String otherwise) throws InterruptedException {
        T next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(next).as(otherwise).isNotNull();
        return next;
    }
}
