package org.pushjobs.server.bus;

import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Other processes learn of a consumer a moment after it was made. */
public final class Registrations {
    private static final Logger LOG = LoggerFactory.getLogger(Registrations.class);

    private Registrations() {}

    /**
     * @param patience for them to learn of it
     * @return done, always, when they know of all these consumers, or could not be told in time, which is logged; this process
     *     sends to them at once
     */
    public static Future<Void> settled(String whose, Duration patience, List<? extends MessageConsumer<?>> consumers) {
        return Future.all(consumers.stream().map(MessageConsumer::completion).toList())
                .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .<Void>mapEmpty()
                .recover(failure -> {
                    LOG.warn(
                            "other servers may not know yet where this one listens [for: {}, error: {}]",
                            whose,
                            failure.getMessage());
                    return Future.succeededFuture();
                });
    }
}
