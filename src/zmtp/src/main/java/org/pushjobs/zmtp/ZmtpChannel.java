package org.pushjobs.zmtp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.Context;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.pushjobs.zmtp.wire.CloseReason;
import org.pushjobs.zmtp.wire.FrameCodec;
import org.pushjobs.zmtp.wire.Metadata;
import org.pushjobs.zmtp.wire.ProtocolException;
import org.pushjobs.zmtp.wire.SocketType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection from its first byte to its last, as a handler in Netty's pipeline before that of Vert.x: it passes bytes
 * to the {@linkplain Stage stage} it is in, keeps those that are not enough for a step, and ends once. It is long because
 * it is one object for three callers, Netty, the stages and the application: there are tens of thousands of it.
 */
final class ZmtpChannel<U> extends ChannelInboundHandlerAdapter implements ZmtpConnection<U>, LargeMessageQueue.Reader {
    private static final Logger LOG = LoggerFactory.getLogger(ZmtpChannel.class);
    private static final AtomicLong IDS = new AtomicLong();
    private static final byte[] NO_IDENTITY = {};

    /** Work for a connection that may find its peer at fault. */
    @FunctionalInterface
    interface Task {
        void run() throws ProtocolException;
    }

    /** Whether large frames are read. */
    private enum Turn {
        /** None has begun to come since the last turn. */
        FREE,
        /** One has; nothing more is read. */
        QUEUED,
        /** It is this connection's turn. */
        READING
    }

    private final long id = IDS.incrementAndGet();
    private final Endpoint<U> endpoint;
    private final EventLoopState state;
    private final ContextInternal context;
    private final ChannelHandlerContext channel;
    private final Outbox outbox;
    private final String remoteAddress;
    private final long acceptedAt = System.nanoTime();
    private final Unread unread = new Unread();
    private final HandshakeClock clock;
    private volatile Stage stage;
    private volatile U user;
    private byte[] peerIdentity = NO_IDENTITY;
    private boolean busy;
    private volatile boolean paused;
    private volatile Turn turn = Turn.FREE;
    private volatile long heldUpUntilNanos;

    private boolean opened;

    ZmtpChannel(
            Endpoint<U> endpoint,
            EventLoopState state,
            ContextInternal context,
            ChannelHandlerContext channel,
            String remoteAddress) {
        this.endpoint = endpoint;
        this.state = state;
        this.context = context;
        this.channel = channel;
        this.remoteAddress = remoteAddress;
        this.outbox = new Outbox(channel, state.flushes());
        this.stage = new GreetingStage<>(this, endpoint);
        this.heldUpUntilNanos = acceptedAt - TimeUnit.DAYS.toNanos(1);
        this.clock = new HandshakeClock(state.eventLoop(), this::overdue);
        clock.start(endpoint.limits().handshakeTimeout());
    }

    // ---- bytes

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = unread.with((ByteBuf) message);
        ContextInternal before = context.beginDispatch();
        busy = true;
        try {
            read(in);
        } catch (ProtocolException e) {
            close(e);
        } catch (RuntimeException e) {
            close(e);
        } finally {
            busy = false;
            context.endDispatch(before);
            putBack(in);
        }
    }

    private void read(ByteBuf in) throws ProtocolException {
        Stage before;
        do {
            before = stage;
            before.read(in);
        } while (stage != before && in.isReadable());
    }

    private void putBack(ByteBuf in) {
        if (stage == Stage.CLOSED) {
            unread.drop(in);
        } else {
            unread.keep(in, channel.alloc());
        }
    }

    /** Looks again at the bytes that could not be read in another stage, or when reading was paused. */
    void readOn() throws ProtocolException {
        if (busy || unread.isEmpty()) {
            return;
        }
        ByteBuf in = unread.kept();
        busy = true;
        try {
            read(in);
        } finally {
            busy = false;
            putBack(in);
        }
    }

    /** Runs something for this connection, on its event loop and context; a fault closes the connection. */
    void run(Task task) {
        ContextInternal before = context.beginDispatch();
        try {
            task.run();
        } catch (ProtocolException e) {
            close(e);
        } catch (RuntimeException e) {
            close(e);
        } finally {
            context.endDispatch(before);
        }
    }

    /** The same from any thread. */
    void runOnEventLoop(Task task) {
        if (state.eventLoop().inEventLoop()) {
            run(task);
        } else {
            state.eventLoop().execute(() -> run(task));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        run(() -> close(CloseReason.CLOSED_BY_PEER));
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("connection failed [address: {}, error: {}]", remoteAddress, cause.toString());
        run(() -> close(CloseReason.CLOSED_BY_PEER));
    }

    // ---- stages

    void enter(Stage next) {
        stage = next;
    }

    boolean isIn(Stage expected) {
        return stage == expected;
    }

    /** The handshake is done. */
    void open(Metadata peer, FrameCodec codec, U newUser, int peerMinor) {
        clock.stop();
        peerIdentity = peer.identity();
        user = newUser;
        outbox.use(codec);
        stage = new TrafficStage<>(this, endpoint, codec, peerMinor);
        opened = true;
        endpoint.opened(this);
        endpoint.listener().opened(this);
    }

    Outbox outbox() {
        return outbox;
    }

    EventLoopState state() {
        return state;
    }

    /** Nanoseconds since the connection was made. */
    long age() {
        return System.nanoTime() - acceptedAt;
    }

    /** Whether nothing happens until the peer does something, during the handshake. */
    boolean waitsForPeer() {
        return stage.waitsForPeer();
    }

    /** Answers a command with a command, unless the peer only asks and does not read. */
    void answer(byte[] command) {
        if (outbox.unwritten() <= endpoint.limits().maxUnwrittenBytes()) {
            outbox.command(command);
        } else {
            overflow();
        }
    }

    /** A message that is the same for many; takes a reference of it. False when it was dropped. */
    boolean sendShared(ByteBuf frames) {
        if (outbox.unwritten() + frames.readableBytes() > endpoint.limits().maxUnwrittenBytes()) {
            frames.release();
            overflow();
            return false;
        }
        outbox.shared(frames);
        return true;
    }

    /** Whether it is a ready connection of a PUB and the peer has asked for such messages. */
    boolean wants(byte[] firstFrame) {
        return stage instanceof TrafficStage<?> traffic && traffic.wants(firstFrame);
    }

    void second(Silence silence) {
        if (stage instanceof TrafficStage<?> traffic) {
            run(() -> traffic.second(silence));
        }
    }

    void subscribe(byte[] prefix) {
        if (stage instanceof TrafficStage<?> traffic) {
            traffic.subscribe(prefix);
        }
    }

    // ---- time limit of the handshake

    /** The time that a connection waited for its turn does not count. */
    void restartClock() {
        clock.extend(endpoint.limits().handshakeTimeout());
    }

    /** Closes the connection after a while. */
    void refuseLater() {
        clock.start(endpoint.refusalDelay());
    }

    private void overdue() {
        stage.overdue()
                .ifPresentOrElse(
                        reason -> run(() -> close(reason)),
                        () -> clock.start(endpoint.limits().handshakeTimeout()));
    }

    // ---- end

    private void close(ProtocolException fault) {
        LOG.debug("peer broke the protocol [address: {}, fault: {}]", remoteAddress, fault.getMessage());
        close(fault.reason());
    }

    private void close(RuntimeException failure) {
        LOG.error("a connection's event could not be handled, it is closed [address: {}]", remoteAddress, failure);
        close(CloseReason.LISTENER_FAILED);
    }

    void close(CloseReason reason) {
        Stage last = stage;
        if (last == Stage.CLOSED) {
            return;
        }
        stage = Stage.CLOSED;
        clock.stop();
        outbox.flush();
        last.abandon();
        if (!busy && !unread.isEmpty()) {
            unread.drop(unread.kept());
        }
        channel.close();
        if (opened) {
            endpoint.closed(this, reason);
            notifyClosed(reason);
        } else {
            endpoint.refused(this, reason);
        }
    }

    private void notifyClosed(CloseReason reason) {
        try {
            endpoint.listener().closed(this, reason);
        } catch (RuntimeException e) {
            LOG.error("the end of a connection could not be handled [address: {}]", remoteAddress, e);
        }
    }

    private void overflow() {
        endpoint.dropped();
        if (endpoint.type() == SocketType.ROUTER) {
            close(CloseReason.DOES_NOT_READ);
        }
    }

    // ---- for the application

    @Override
    public long id() {
        return id;
    }

    @Override
    public String remoteAddress() {
        return remoteAddress;
    }

    @Override
    public U user() {
        return user;
    }

    @Override
    public byte[] peerIdentity() {
        return peerIdentity.clone();
    }

    @Override
    public Context context() {
        return context;
    }

    @Override
    public void execute(Runnable task) {
        runOnEventLoop(task::run);
    }

    @Override
    public boolean isOpen() {
        return opened && stage != Stage.CLOSED;
    }

    @Override
    public boolean send(byte[]... frames) {
        requireEventLoop();
        if (!isOpen()) {
            return false;
        }
        int size = outbox.size(frames);
        long before = outbox.unwritten();
        if (before > 0 && before + size > endpoint.limits().maxUnwrittenBytes()) {
            overflow();
            return false;
        }
        outbox.message(frames, size);
        return true;
    }

    @Override
    public long unwrittenBytes() {
        return outbox.unwritten();
    }

    boolean isReading() {
        return !paused && stage != Stage.CLOSED;
    }

    /** Whether a large frame, which begins to come, may be read now; if not, it waits for its turn. */
    boolean takesLargeFrame() {
        if (turn == Turn.FREE) {
            turn = Turn.QUEUED;
            channel.channel().config().setAutoRead(false);
            state.largeMessages().add(this);
        }
        return turn == Turn.READING;
    }

    @Override
    public void turn() {
        turn = Turn.READING;
        run(this::readAfterPause);
    }

    @Override
    public void turnIsOver() {
        turn = Turn.FREE;
        heldUpUntilNanos = System.nanoTime();
    }

    @Override
    public boolean isHeldUp(long withinMillis) {
        return paused
                || turn == Turn.QUEUED
                || System.nanoTime() - heldUpUntilNanos < TimeUnit.MILLISECONDS.toNanos(withinMillis);
    }

    @Override
    public void pause() {
        requireEventLoop();
        paused = true;
        channel.channel().config().setAutoRead(false);
    }

    @Override
    public void resume() {
        requireEventLoop();
        if (paused) {
            paused = false;
            heldUpUntilNanos = System.nanoTime();
            state.eventLoop().execute(() -> run(this::readAfterPause));
        }
    }

    private void readAfterPause() throws ProtocolException {
        if (isReading()) {
            readOn();
        }
        if (isReading() && turn != Turn.QUEUED) {
            channel.channel().config().setAutoRead(true);
        }
    }

    @Override
    public void close() {
        requireEventLoop();
        close(CloseReason.CLOSED_BY_US);
    }

    private void requireEventLoop() {
        if (!state.eventLoop().inEventLoop()) {
            throw new IllegalStateException("a connection may be used on its event loop only; see context()");
        }
    }
}
