package org.pushjobs.zmtp.testing;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.pushjobs.zmtp.nacl.KeyPair;

/** A socket of another implementation of ZMTP. */
public interface Peer extends AutoCloseable {
    /** Keys of a client: the server's public key and its own pair. */
    record ClientKeys(byte[] serverKey, KeyPair own) {}

    /** Connects to a port of this machine. */
    void connect(int port, Optional<ClientKeys> keys) throws Exception;

    /** Gives its connection up and connects anew. */
    void reconnect() throws Exception;

    /** Listens on a free port of this machine, without asking who comes. */
    int bind(Optional<KeyPair> keys) throws Exception;

    /** Before {@link #connect}. */
    void identity(byte[] identity) throws Exception;

    /** Before {@link #connect}: sends a PING each interval and gives up after 20 intervals without an answer. */
    void heartbeat(Duration interval) throws Exception;

    void send(byte[]... frames) throws Exception;

    /** The next message; empty when none comes. */
    Optional<List<byte[]>> receive(Duration atMost) throws Exception;

    void subscribe(byte[] prefix) throws Exception;

    void unsubscribe(byte[] prefix) throws Exception;

    @Override
    void close();
}
