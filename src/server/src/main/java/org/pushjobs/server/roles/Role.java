package org.pushjobs.server.roles;

import io.vertx.core.Future;
import java.util.List;
import org.pushjobs.server.management.HealthCheck;
import org.pushjobs.server.management.RoleCheck;

/** A part of what a server process does, with a life of its own. Usable from any thread. */
public interface Role {
    /**
     * To be called once.
     *
     * @return done when it does its work, which may be long after; fails with the reason when it never will
     */
    Future<Void> start();

    /** Nothing happens when it was not started. */
    Future<Void> stop();

    /** What has to work in it, for the whole server to be ready. */
    List<HealthCheck> parts();

    /** For those who use this role only. */
    RoleCheck readiness();
}
