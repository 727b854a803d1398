package org.pushjobs.server.testing;

import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.pushjobs.zmtp.Limits;
import org.pushjobs.zmtp.Security;
import org.pushjobs.zmtp.ZmtpClient;
import org.pushjobs.zmtp.ZmtpConnection;
import org.pushjobs.zmtp.ZmtpListener;
import org.pushjobs.zmtp.ZmtpTarget;
import org.pushjobs.zmtp.nacl.Nacl;
import org.pushjobs.zmtp.wire.CloseReason;
import org.pushjobs.zmtp.wire.Frames;

/**
 * A DEALER as agents have one: it connects again for as long as it is open, and what is sent meanwhile waits. Any thread.
 */
final class Dealer implements AutoCloseable, ZmtpListener<String> {
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final String USER = "test";

    private final Vertx vertx = Vertx.vertx(
            new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1).setInternalBlockingPoolSize(1));
    private final Context context = vertx.getOrCreateContext();
    private final ZmtpClient client;
    private final ZmtpTarget target;
    private final BlockingQueue<List<byte[]>> received = new LinkedBlockingQueue<>();
    private final Queue<byte[][]> waiting = new ArrayDeque<>();
    private final CountDownLatch tried = new CountDownLatch(1);
    private Optional<ZmtpConnection<String>> connection = Optional.empty();
    private boolean closed;

    /**
     * Returns when it is connected, or the first attempt has failed.
     *
     * @param address {@code tcp://HOST:PORT}
     */
    Dealer(String address, Security security, Nacl nacl) {
        int colon = address.lastIndexOf(':');
        String host = address.substring("tcp://".length(), colon);
        this.target = ZmtpTarget.dealer(host, Integer.parseInt(address.substring(colon + 1)), security);
        this.client = new ZmtpClient(vertx, nacl, Limits.DEFAULT, Optional.empty());
        context.runOnContext(_ -> connect());
        try {
            if (!tried.await(Await.DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("no connection to " + address + " and no refusal within " + Await.DEADLINE);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void connect() {
        if (!closed) {
            client.connect(target, USER, this).onFailure(_ -> {
                tried.countDown();
                connectLater();
            });
        }
    }

    private void connectLater() {
        vertx.setTimer(PAUSE.toMillis(), _ -> connect());
    }

    @Override
    public void opened(ZmtpConnection<String> opened) {
        connection = Optional.of(opened);
        for (byte[][] frames = waiting.poll(); frames != null; frames = waiting.poll()) {
            opened.send(frames);
        }
        tried.countDown();
    }

    @Override
    public void message(ZmtpConnection<String> from, Frames frames) {
        List<byte[]> copies = new ArrayList<>();
        for (int i = 0; i < frames.count(); i++) {
            copies.add(frames.copy(i));
        }
        received.add(copies);
    }

    @Override
    public void closed(ZmtpConnection<String> ended, CloseReason reason) {
        connection = Optional.empty();
        connectLater();
    }

    void send(byte[]... frames) {
        context.runOnContext(_ -> connection.ifPresentOrElse(open -> open.send(frames), () -> waiting.add(frames)));
    }

    /** The frames of the next message; empty when none comes in time. */
    Optional<List<byte[]>> receive(Duration atMost) {
        try {
            return Optional.ofNullable(received.poll(atMost.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What was sent before leaves first, as far as the system takes it at once. */
    @Override
    public void close() {
        Promise<Void> ended = Promise.promise();
        context.runOnContext(_ -> {
            closed = true;
            connection.ifPresent(ZmtpConnection::close);
            ended.complete();
        });
        Await.result(ended.future().compose(_ -> vertx.close()));
    }
}
