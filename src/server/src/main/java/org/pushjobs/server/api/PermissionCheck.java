package org.pushjobs.server.api;

import io.vertx.core.Future;
import org.pushjobs.server.directory.Principal;

/** Who may do what in an organisation (request-signing.md, "Permissions"); usable from any verticle. */
public interface PermissionCheck {
    /** Whether they may see jobs and nodes. */
    Future<Boolean> canRead(String orgName, Principal principal);

    /** Whether they may start jobs. */
    Future<Boolean> canWrite(String orgName, Principal principal);
}
