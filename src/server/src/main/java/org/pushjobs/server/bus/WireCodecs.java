package org.pushjobs.server.bus;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Codecs of what several packages send, and what all codecs have in common. */
public final class WireCodecs {
    /** A text; an empty one also stands for a question that needs no words. */
    public static final WireCodec<String> TEXT = new WireCodec<>(
            "pushjobs.text",
            String.class,
            WireCodec.SHORT,
            WireFormat.of((out, text) -> out.text(1, text), in -> in.text(1)));

    /** Texts in order. */
    public static final WireCodec<List<String>> TEXTS = new WireCodec<>(
            "pushjobs.texts",
            List.class,
            WireCodec.LONG,
            WireFormat.of((out, texts) -> out.texts(1, texts), in -> in.texts(1)));

    public static final WireCodec<Integer> NUMBER = new WireCodec<>(
            "pushjobs.number",
            Integer.class,
            WireCodec.SHORT,
            WireFormat.of((out, number) -> out.number(1, number), in -> in.integer(1)));

    public static final WireCodec<Duration> DURATION = new WireCodec<>(
            "pushjobs.duration",
            Duration.class,
            WireCodec.SHORT,
            WireFormat.of((out, time) -> out.duration(1, time), in -> in.duration(1)));

    private WireCodecs() {}

    /** These and the others, to be called once for each Vert.x instance, before anything is sent. */
    public static void register(Vertx vertx, Set<WireCodec<?>> others) {
        vertx.eventBus().registerCodec(new LocalCodec());
        Set.<WireCodec<?>>of(TEXT, TEXTS, NUMBER, DURATION)
                .forEach(codec -> vertx.eventBus().registerCodec(codec));
        others.forEach(codec -> vertx.eventBus().registerCodec(codec));
    }
}
