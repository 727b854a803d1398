package org.pushjobs.zmtp.handshake;

import org.pushjobs.zmtp.wire.FrameCodec;
import org.pushjobs.zmtp.wire.Metadata;

/** What a handshake wants to be done next. */
public sealed interface Step {
    /** Send this command and wait for the next one. */
    record Reply(byte[] command) implements Step {}

    /**
     * Decide whether the peer may come in; then send what {@link Handshake#accept} gives and talk with the codec.
     *
     * @param clientKey 32 bytes; empty with NULL
     */
    record Authorise(byte[] clientKey, Metadata peer, FrameCodec codec) implements Step {}

    /** The other side accepted. */
    record Ready(Metadata peer, FrameCodec codec) implements Step {}

    /** The other side refused. */
    record Refused(String status) implements Step {}
}
