package org.pushjobs.simulator.wire;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;

/** The Vert.x of a simulator. */
public final class EventLoops {
    private EventLoops() {}

    /** On the system's own transport, and without a cache directory that a killed simulator would leave behind. */
    public static Vertx vertx(int count) {
        return Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(count)
                .setPreferNativeTransport(true)
                .setFileSystemOptions(new FileSystemOptions().setClassPathResolvingEnabled(false)));
    }
}
