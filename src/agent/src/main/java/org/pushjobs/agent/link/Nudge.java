package org.pushjobs.agent.link;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/**
 * Brings JeroMQ's forgotten connections to life. Of the connections that JeroMQ 0.6.0 makes, 1 to 8 in 100 are connected
 * and then neither read nor written, since its I/O thread does not register them with its selector: that is left out when
 * the socket's old registration, which waited for the connection, is cancelled in the same round
 * (docs/decisions/0013). The I/O thread makes up for it when any of its sockets changes what it waits for. So for a second
 * after each new connection a socket of ours tries to connect to where nobody can listen, several times.
 * Belongs to the agent's thread; times are milliseconds of one monotonic clock.
 */
final class Nudge implements AutoCloseable {
    static final Duration DURATION = Duration.ofSeconds(1);

    /** Port 0 cannot be listened on: the kernel refuses the attempt itself, nothing leaves the machine. */
    private static final String NOWHERE = "tcp://127.0.0.1:0";

    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final int DESCRIPTORS = 8;
    private static final long NEVER = Long.MAX_VALUE;
    private static final Logger LOG = LoggerFactory.getLogger(Nudge.class);

    private final ZContext context;
    private Optional<ZMQ.Socket> socket = Optional.empty();
    private long endMillis = NEVER;
    private long nextTryMillis;

    Nudge(ZContext context) {
        this.context = context;
    }

    /** There is a new connection. */
    void start(long nowMillis) {
        endMillis = nowMillis + DURATION.toMillis();
        nextTryMillis = nowMillis;
        tend(nowMillis);
    }

    /** Tries again to get a socket, where there was none, and stops when it is time to. */
    void tend(long nowMillis) {
        if (nowMillis >= endMillis) {
            close();
        } else if (endMillis != NEVER && socket.isEmpty() && nowMillis >= nextTryMillis) {
            nextTryMillis = nowMillis + PAUSE.toMillis();
            try {
                Descriptors.requireRoomFor(DESCRIPTORS);
                socket = Optional.of(open());
            } catch (IOException e) {
                LOG.debug("no socket to nudge with [cause: {}]", e.toString());
            }
        }
    }

    private ZMQ.Socket open() {
        ZMQ.Socket nobody = context.createSocket(SocketType.PUSH);
        nobody.setLinger(0);
        nobody.setReconnectIVL((int) PAUSE.toMillis());
        nobody.connect(NOWHERE);
        return nobody;
    }

    /** When {@link #tend} is worth calling. */
    long nextCheckMillis() {
        return endMillis == NEVER || socket.isPresent() ? endMillis : Math.min(endMillis, nextTryMillis);
    }

    @Override
    public void close() {
        socket.ifPresent(ZMQ.Socket::close);
        socket = Optional.empty();
        endMillis = NEVER;
    }
}
