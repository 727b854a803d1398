package org.pushjobs.zmtp.handshake;

import org.pushjobs.zmtp.wire.ProtocolException;

/**
 * One side of a security mechanism between greeting and traffic. Takes and gives command bodies, does no I/O and keeps no
 * time. One per connection, one thread at a time.
 */
public interface Handshake {
    /** What is sent when the peer's greeting has come; empty when the peer begins. */
    byte[] begin();

    /**
     * Takes the next command.
     *
     * @throws ProtocolException when the peer is to be disconnected
     */
    Step receive(byte[] command) throws ProtocolException;

    /** The command that lets the peer in, after {@link Step.Authorise}. */
    byte[] accept();

    /** Overwrites keys that were for the handshake only. */
    void wipe();
}
