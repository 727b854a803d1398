package org.pushjobs.server.jobs;

/** Tells those who follow jobs what was just stored; who misses it finds it in the database. */
public interface Announcements {
    void stored(StoredEvents events);

    void stored(StoredOutput output);
}
