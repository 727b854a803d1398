package org.pushjobs.simulator.fleet;

import java.util.function.Consumer;
import org.pushjobs.protocol.codec.RejectedMessageException;
import org.pushjobs.protocol.message.ServerHeartbeat;
import org.pushjobs.simulator.config.AgentConfig;
import org.pushjobs.simulator.report.Tally.Count;
import org.pushjobs.simulator.wire.Wire.Listener;
import org.pushjobs.zmtp.ZmtpConnection;

/** The server's heartbeats over a SUB connection, which is opened again when it breaks. Belongs to a loop's thread. */
final class HeartbeatFeed {
    private final FleetLoop loop;
    private final Consumer<ServerHeartbeat> receiver;
    private AgentConfig config;
    private ZmtpConnection<Listener> connection;
    private int attempt;
    private boolean open;
    /** When it was opened or broke; not of interest while there is a connection. */
    private long downSinceMillis;

    HeartbeatFeed(FleetLoop loop, Consumer<ServerHeartbeat> receiver) {
        this.loop = loop;
        this.receiver = receiver;
    }

    /** Opens it, after closing it when it is open. */
    void open(AgentConfig newConfig) {
        close();
        config = newConfig;
        open = true;
        downSinceMillis = loop.now();
        connect();
    }

    boolean isUp() {
        return connection != null;
    }

    /** For how long it has had no connection although it is open. */
    long downMillis() {
        return open && !isUp() ? loop.now() - downSinceMillis : 0;
    }

    /** Whether it is open, for that configuration or one that makes no difference. */
    boolean serves(AgentConfig other) {
        return open
                && config.document().heartbeatAddress().equals(other.document().heartbeatAddress())
                && config.serverKey().equals(other.serverKey());
    }

    private void connect() {
        int mine = ++attempt;
        loop.wire()
                .connectSubscriber(config.document().heartbeatAddress(), new Attempt(mine))
                .onComplete(connected -> {
                    if (mine != attempt) {
                        if (connected.succeeded()) {
                            connected.result().close();
                        }
                    } else if (connected.succeeded()) {
                        connection = connected.result();
                    } else {
                        loop.tally()
                                .error("heartbeat port: " + connected.cause().getMessage());
                        connectLater();
                    }
                });
    }

    private void connectLater() {
        int mine = attempt;
        loop.later(loop.subscriberPause(), () -> {
            if (open && mine == attempt) {
                connect();
            }
        });
    }

    /** One connection; what comes from an older one than the last is not for us any more. */
    private final class Attempt implements Listener {
        private final int number;

        private Attempt(int number) {
            this.number = number;
        }

        @Override
        public void message(byte[] header, byte[] body) {
            if (number != attempt) {
                return;
            }
            loop.tally().add(Count.SERVER_HEARTBEATS);
            try {
                receiver.accept(loop.verified().read(config, header, body));
            } catch (RejectedMessageException e) {
                loop.tally().error("server heartbeat: " + e.getMessage());
            }
        }

        @Override
        public void closed() {
            if (number == attempt) {
                connection = null;
                downSinceMillis = loop.now();
                connectLater();
            }
        }
    }

    void close() {
        open = false;
        attempt++;
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }
}
