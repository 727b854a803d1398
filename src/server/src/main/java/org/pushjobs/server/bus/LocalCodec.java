package org.pushjobs.server.bus;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.MessageCodec;
import java.util.concurrent.TimeUnit;

/**
 * Passes immutable objects between the verticles of one process as they are. It refuses to put them on a network: what
 * crosses to another server needs a codec of its own.
 */
public final class LocalCodec implements MessageCodec<Object, Object> {
    private static final String NAME = "pushjobs.local";
    private static final long REPLY_TIMEOUT_MILLIS = TimeUnit.SECONDS.toMillis(10);

    private LocalCodec() {}

    /** To be called once for each Vert.x instance, before anything is sent. */
    public static void register(Vertx vertx) {
        vertx.eventBus().registerCodec(new LocalCodec());
    }

    /** For sends and replies of immutable objects. Requests time out after 10 s. */
    public static DeliveryOptions options() {
        return new DeliveryOptions().setLocalOnly(true).setCodecName(NAME).setSendTimeout(REPLY_TIMEOUT_MILLIS);
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
