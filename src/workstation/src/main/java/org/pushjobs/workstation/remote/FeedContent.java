package org.pushjobs.workstation.remote;

/** What a job's feed has in it. */
public enum FeedContent {
    EVENTS,
    EVENTS_AND_OUTPUT,
    /** The events that there are; a server that cannot end the feed after them goes on to the job's end. */
    EVENTS_SO_FAR
}
