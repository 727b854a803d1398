package org.pushjobs.config;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * What operators look at (docs/operations.md).
 *
 * @param listenAddress address that the management port is bound to
 * @param port for health and metrics; 0 picks a free one
 * @param auditLogFile gets the audit log besides the database
 */
public record ManagementConfig(String listenAddress, int port, Optional<Path> auditLogFile) {
    public ManagementConfig {
        Objects.requireNonNull(listenAddress, "listenAddress");
        Objects.requireNonNull(auditLogFile, "auditLogFile");
    }
}
