package org.pushjobs.server.jobs;

import java.util.Objects;

/**
 * A report of a gateway.
 *
 * @param gateway id of the gateway
 * @param number from 1, rising in the life of the gateway
 */
record ReportRef(String gateway, long number) {
    ReportRef {
        Objects.requireNonNull(gateway, "gateway");
    }
}
