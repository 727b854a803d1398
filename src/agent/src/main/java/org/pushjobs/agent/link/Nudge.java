package org.pushjobs.agent.link;

import java.time.Duration;
import java.util.Optional;
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
    private static final long NEVER = Long.MAX_VALUE;

    private final ZContext context;
    private Optional<ZMQ.Socket> socket = Optional.empty();
    private long endMillis = NEVER;

    Nudge(ZContext context) {
        this.context = context;
    }

    /** There is a new connection. */
    void start(long nowMillis) {
        endMillis = nowMillis + DURATION.toMillis();
        if (socket.isEmpty()) {
            ZMQ.Socket nobody = context.createSocket(SocketType.PUSH);
            nobody.setLinger(0);
            nobody.setReconnectIVL((int) PAUSE.toMillis());
            nobody.connect(NOWHERE);
            socket = Optional.of(nobody);
        }
    }

    void stopIfDue(long nowMillis) {
        if (nowMillis >= endMillis) {
            close();
        }
    }

    /** When {@link #stopIfDue} is worth calling. */
    long nextCheckMillis() {
        return endMillis;
    }

    @Override
    public void close() {
        socket.ifPresent(ZMQ.Socket::close);
        socket = Optional.empty();
        endMillis = NEVER;
    }
}
