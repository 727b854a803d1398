package org.pushjobs.server.cluster;

import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.spi.VertxServiceProvider;
import java.io.IOException;
import java.net.URL;
import java.util.Enumeration;

/**
 * The Vert.x of a process that is in no cluster. Vert.x looks through the class path for what may extend it and would load
 * Hazelcast's part, used or not; here it is shown something else. It finds what is passed to the builder all the same.
 */
public final class StandAloneVertx {
    private StandAloneVertx() {}

    /** What {@link VertxBuilder#build} makes, without anything of Hazelcast. */
    public static Vertx build(VertxBuilder builder) {
        Thread thread = Thread.currentThread();
        ClassLoader usual = thread.getContextClassLoader();
        thread.setContextClassLoader(new WithoutExtensions(usual));
        try {
            return builder.build();
        } finally {
            thread.setContextClassLoader(usual);
        }
    }

    private static final class WithoutExtensions extends ClassLoader {
        private static final String EXTENSIONS = "META-INF/services/" + VertxServiceProvider.class.getName();
        private static final String NONE = "META-INF/stand-alone/" + VertxServiceProvider.class.getName();

        WithoutExtensions(ClassLoader parent) {
            super(parent);
        }

        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            return super.getResources(name.equals(EXTENSIONS) ? NONE : name);
        }
    }
}
