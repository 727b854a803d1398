package org.pushjobs.server.audit;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.pushjobs.server.store.AuditRow;

/** Lines for tests. */
final class AuditRows {
    static final AuditRow.Options OPTIONS = new AuditRow.Options(
            Optional.of("deploy"), Optional.of("/srv"), 2, List.of("LANG", "TOKEN"), Optional.of(12), 1, 60, true);

    private AuditRows() {}

    static AuditRow row(String requestId) {
        return new AuditRow(
                UUID.nameUUIDFromBytes(requestId.getBytes()),
                Instant.parse("2026-01-15T12:34:56Z"),
                "acme",
                Optional.of("00112233445566778899aabbccddeeff"),
                "alice",
                Optional.of(new AuditRow.Identity("user", "SHA256:abc")),
                requestId,
                "192.0.2.1",
                "job_start",
                AuditRow.Job.requested("chef-client", List.of("web-1", "web-2"), OPTIONS)
                        .withId("0123abcd0000000000000000000000ff"),
                AuditRow.Outcome.DONE,
                201,
                Optional.empty());
    }
}
