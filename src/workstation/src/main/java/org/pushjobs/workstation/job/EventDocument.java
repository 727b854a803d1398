package org.pushjobs.workstation.job;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.pushjobs.workstation.remote.FeedEvent;
import org.pushjobs.workstation.screen.OutputFormat;
import org.pushjobs.workstation.screen.Screen;

/** An event of a feed as data: its members, and its name in {@code event}. */
final class EventDocument {
    private EventDocument() {}

    /** Shows an event of a series. */
    static void show(Screen screen, OutputFormat format, FeedEvent event) {
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("event", event.name());
        if (event.data().isObject()) {
            document.setAll((ObjectNode) event.data());
        }
        screen.showNext(format, document, () -> screen.out().println(FeedLine.of(event)));
    }
}
