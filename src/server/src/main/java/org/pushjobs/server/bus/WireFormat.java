package org.pushjobs.server.bus;

import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * How values of one kind are written as fields and read again (decision 42). Fields are written and read in the order of their
 * tags. What was added later is read as something that may be missing; what a later version has added is passed over.
 */
public interface WireFormat<T> {
    void write(WireWriter out, T value);

    /** @throws WireException when it is not what {@link #write} makes */
    T read(WireReader in);

    static <T> WireFormat<T> of(BiConsumer<WireWriter, T> write, Function<WireReader, T> read) {
        return new WireFormat<>() {
            @Override
            public void write(WireWriter out, T value) {
                write.accept(out, value);
            }

            @Override
            public T read(WireReader in) {
                return read.apply(in);
            }
        };
    }
}
