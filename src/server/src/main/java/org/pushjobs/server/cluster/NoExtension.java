package org.pushjobs.server.cluster;

import io.vertx.core.internal.VertxBootstrap;
import io.vertx.core.spi.VertxServiceProvider;

/** What {@link StandAloneVertx} shows to Vert.x: with nothing at all it would look elsewhere. */
public final class NoExtension implements VertxServiceProvider {
    @Override
    public void init(VertxBootstrap bootstrap) {}
}
