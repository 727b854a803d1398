package org.pushjobs.server.jobs;

import io.vertx.core.Future;

/** Room for bytes outside the heap. */
public interface Spill {
    /** @param position where it begins; what is there is overwritten */
    Future<Void> write(long position, byte[] data);

    Future<byte[]> read(long position, int length);

    /** Everything in it has been read; the room is given back. */
    void clear();
}
