package org.pushjobs.server.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.MessageCodec;

/**
 * Passes immutable objects between the verticles of one process as they are. It refuses to put them on a network: what
 * crosses to another server needs a {@link WireCodec}.
 */
public final class LocalCodec implements MessageCodec<Object, Object> {
    private static final String NAME = "pushjobs.local";

    LocalCodec() {}

    /** For immutable objects that are sent to this process only. */
    public static DeliveryOptions options() {
        return new DeliveryOptions().setLocalOnly(true).setCodecName(NAME);
    }

    @Override
    public Object transform(Object message) {
        return message;
    }

    @Override
    public void encodeToWire(Buffer buffer, Object message) {
        throw new UnsupportedOperationException(
                message.getClass().getSimpleName() + " is only for verticles of the same process");
    }

    @Override
    public Object decodeFromWire(int position, Buffer buffer) {
        throw new UnsupportedOperationException("local messages never arrive from a network");
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
