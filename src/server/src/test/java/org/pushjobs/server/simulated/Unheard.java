package org.pushjobs.server.simulated;

import org.pushjobs.server.jobs.Announcements;
import org.pushjobs.server.jobs.StoredEvents;
import org.pushjobs.server.jobs.StoredOutput;

/** Nobody follows anything. */
final class Unheard implements Announcements {
    @Override
    public void stored(StoredEvents events) {}

    @Override
    public void stored(StoredOutput output) {}
}
