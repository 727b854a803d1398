package org.pushjobs.simulator.failover;

import java.util.Objects;

/**
 * An event of a feed, or of a job as the database has it.
 *
 * @param id of the event within its feed; of the database, its number
 * @param subject the node that it is about, in an organisation's feed the job; empty when it is about the job that is followed
 * @param status empty where it has none
 */
record FeedEvent(String id, String name, String subject, String status) {
    FeedEvent {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(status, "status");
    }
}
