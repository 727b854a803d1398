package org.pushjobs.server.audit;

import org.pushjobs.server.store.AuditRow;

/** Takes notes of what people do with the server. Usable from any thread; never blocks and never fails. */
@FunctionalInterface
public interface AuditTrail {
    void record(AuditRow row);
}
