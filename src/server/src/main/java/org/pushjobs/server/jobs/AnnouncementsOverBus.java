package org.pushjobs.server.jobs;

import io.vertx.core.eventbus.EventBus;
import java.util.Objects;

/** {@link Announcements} on the event bus, at the addresses that they name. */
public final class AnnouncementsOverBus implements Announcements {
    private final EventBus bus;

    public AnnouncementsOverBus(EventBus bus) {
        this.bus = Objects.requireNonNull(bus, "bus");
    }

    @Override
    public void stored(StoredEvents events) {
        events.publish(bus);
    }

    @Override
    public void stored(StoredOutput output) {
        output.publish(bus);
    }
}
