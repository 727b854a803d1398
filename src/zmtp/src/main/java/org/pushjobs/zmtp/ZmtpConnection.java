package org.pushjobs.zmtp;

import io.vertx.core.Context;

/**
 * A connection whose handshake is done. Lives on one event loop; all methods but {@link #id}, {@link #remoteAddress},
 * {@link #user}, {@link #isOpen}, {@link #isHeldUp}, {@link #context} and {@link #execute} are for that thread only.
 *
 * @param <U> what the application ties to a connection
 */
public interface ZmtpConnection<U> {
    /** Unique in this process. */
    long id();

    /** The peer's IP address. */
    String remoteAddress();

    /** What the {@link Authoriser} or the caller of the client has tied to it. */
    U user();

    /** The peer's identity, up to 255 bytes; mostly empty. */
    byte[] peerIdentity();

    /** Where it lives; {@link Context#runOnContext} gets there. */
    Context context();

    /**
     * Runs something on its event loop: at once for a caller that is there, else soon, in the order of the calls. An
     * exception closes the connection.
     */
    void execute(Runnable task);

    /** Whether messages can be sent. */
    boolean isOpen();

    /**
     * Sends a message. What is sent in one turn of the event loop leaves together at its end.
     *
     * @return false when it was dropped: the connection is closed, or the peer does not read (which closes a ROUTER's
     *     connection)
     * @throws IllegalStateException on another thread
     */
    boolean send(byte[]... frames);

    /** Bytes that have been sent and not yet been taken by the system. */
    long unwrittenBytes();

    /** Stops reading. */
    void pause();

    /** Reads on after {@link #pause}. */
    void resume();

    /**
     * Whether it is this side's doing that nothing is heard of the peer: reading is paused or a large message of it waits for
     * its turn, or that was so within so many milliseconds, because what it sent next may be on its way. For any thread.
     */
    boolean isHeldUp(long withinMillis);

    /** Closes it; what has been sent is given to the system first as far as it takes it at once. */
    void close();
}
