package org.pushjobs.server.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** Keeps out of the log what a test provokes a thousand times. */
public final class Silence {
    private Silence() {}

    /** The action, during which the class logs nothing. */
    public static void of(Class<?> source, Runnable action) {
        Logger logger = (Logger) LoggerFactory.getLogger(source);
        logger.setLevel(Level.OFF);
        try {
            action.run();
        } finally {
            logger.setLevel(null);
        }
    }
}
