package org.pushjobs.workstation.remote;

/** What a job's feed has in it. */
public enum FeedContent {
    EVENTS,
    EVENTS_AND_OUTPUT
}
