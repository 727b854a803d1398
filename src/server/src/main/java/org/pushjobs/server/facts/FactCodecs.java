package org.pushjobs.server.facts;

import java.util.Set;
import org.pushjobs.server.bus.WireCodec;
import org.pushjobs.server.bus.WireFormat;

/** Codecs of what roles tell each other of their own accord. */
public final class FactCodecs {
    static final WireCodec<Part<Facts>> FACTS =
            new WireCodec<>("pushjobs.facts", Part.class, WireCodec.LONG, part(FactFormats.FACTS));

    static final WireCodec<Part<Orders>> ORDERS =
            new WireCodec<>("pushjobs.orders", Part.class, WireCodec.LONG, part(OrderFormats.ORDERS));

    static final WireCodec<TermBeat> BEAT = new WireCodec<>(
            "pushjobs.beat",
            TermBeat.class,
            WireCodec.SHORT,
            WireFormat.of((out, beat) -> out.number(1, beat.epoch()), in -> new TermBeat(in.number(1))));

    public static final Set<WireCodec<?>> ALL = Set.of(FACTS, ORDERS, BEAT);

    private FactCodecs() {}

    private static <B> WireFormat<Part<B>> part(WireFormat<B> batch) {
        return WireFormat.of(
                (out, part) -> {
                    out.number(1, part.index());
                    out.flag(2, part.isLast());
                    out.nested(3, batch, part.batch());
                },
                in -> {
                    int index = in.integer(1);
                    boolean isLast = in.flag(2);
                    return new Part<>(in.nested(3, batch), index, isLast);
                });
    }
}
