package org.pushjobs.zmtp;

import io.netty.channel.EventLoop;
import org.pushjobs.zmtp.handshake.Curve;
import org.pushjobs.zmtp.nacl.Nacl;
import org.pushjobs.zmtp.wire.FrameHeader;
import org.pushjobs.zmtp.wire.MessageReader;

/** What the connections of one server or client share on one event loop: work space and queues. */
final class EventLoopState {
    private final EventLoop eventLoop;
    private final Curve curve;
    private final MessageReader reader;
    private final FrameHeader header = new FrameHeader();
    private final FlushQueue flushes;
    private final HandshakeQueue handshakes;
    private final LargeMessageQueue largeMessages;

    EventLoopState(EventLoop eventLoop, Nacl nacl, Limits limits, HandshakeLimits handshakes) {
        this.eventLoop = eventLoop;
        this.curve = new Curve(nacl);
        this.reader = new MessageReader(limits.maxFrameBytes(), limits.maxFrames(), limits.maxMessageBytes());
        this.flushes = new FlushQueue(eventLoop);
        this.handshakes = new HandshakeQueue(eventLoop, handshakes.slice());
        this.largeMessages = new LargeMessageQueue(eventLoop);
    }

    EventLoop eventLoop() {
        return eventLoop;
    }

    Curve curve() {
        return curve;
    }

    MessageReader reader() {
        return reader;
    }

    FrameHeader header() {
        return header;
    }

    FlushQueue flushes() {
        return flushes;
    }

    HandshakeQueue handshakes() {
        return handshakes;
    }

    LargeMessageQueue largeMessages() {
        return largeMessages;
    }
}
