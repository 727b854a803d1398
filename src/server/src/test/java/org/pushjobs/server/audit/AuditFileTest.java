package org.pushjobs.server.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.server.store.AuditRow;

class AuditFileTest {
    @TempDir
    private Path directory;

    @Test
    void linesAreAppendedToAFileOfTheOwnersOnly() throws Exception {
        Path path = directory.resolve("audit.jsonl");
        AuditFile file = new AuditFile(path);

        file.append(List.of(AuditRows.row("r1"), AuditRows.row("r2")));
        file.append(List.of(AuditRows.row("r3")));

        assertThat(Files.readAllLines(path)).hasSize(3).first().isEqualTo("""
                {"entry_id":"%s","at":"2026-01-15T12:34:56Z","org_name":"acme",\
                "org_id":"00112233445566778899aabbccddeeff","requestor":"alice","requestor_type":"user",\
                "key_fingerprint":"SHA256:abc","request_id":"r1","remote_address":"192.0.2.1","action":"job_start",\
                "job_id":"0123abcd0000000000000000000000ff","command":"chef-client","node_count":2,\
                "nodes":["web-1","web-2"],"user":"deploy","dir":"/srv","env_count":2,"env_names":["LANG","TOKEN"],\
                "file_bytes":12,"quorum":1,"run_timeout":60,"capture_output":true,"outcome":"done","status":201}""".formatted(
                        AuditRows.row("r1").entryId()));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
    }

    @Test
    void fileThatWasRotatedAwayIsMadeAnew() throws Exception {
        Path path = directory.resolve("audit.jsonl");
        AuditFile file = new AuditFile(path);
        file.append(List.of(AuditRows.row("r1")));

        Files.move(path, directory.resolve("audit.jsonl.1"));
        file.append(List.of(AuditRows.row("r2")));

        assertThat(Files.readString(path)).contains("\"r2\"").doesNotContain("\"r1\"");
    }

    @Test
    void whatIsNotKnownIsLeftOut() {
        AuditRow refused = new AuditRow(
                UUID.nameUUIDFromBytes(new byte[0]),
                Instant.EPOCH,
                "acme",
                Optional.empty(),
                "mallory\n",
                Optional.empty(),
                "r1",
                "192.0.2.1",
                "job_abort",
                AuditRow.Job.UNKNOWN,
                AuditRow.Outcome.REFUSED,
                401,
                Optional.of("why"));

        assertThat(AuditFile.line(refused).toString())
                .isEqualTo("{\"entry_id\":\"" + refused.entryId()
                        + "\",\"at\":\"1970-01-01T00:00:00Z\",\"org_name\":\"acme\",\"requestor\":\"mallory\\n\","
                        + "\"request_id\":\"r1\",\"remote_address\":\"192.0.2.1\",\"action\":\"job_abort\","
                        + "\"outcome\":\"refused\",\"status\":401,\"reason\":\"why\"}");
    }

    @Test
    void jobWithoutOptionsHasOnlyThoseThatEveryJobHas() {
        AuditRow.Options plain = new AuditRow.Options(
                Optional.empty(), Optional.empty(), 0, List.of(), Optional.empty(), 2, 3600, false);
        AuditRow row = AuditRows.row("r1");
        AuditRow started = new AuditRow(
                row.entryId(),
                row.at(),
                row.orgName(),
                row.orgGuid(),
                row.requestor(),
                row.identity(),
                row.requestId(),
                row.remoteAddress(),
                row.action(),
                AuditRow.Job.requested("x", List.of("web-1"), plain),
                row.outcome(),
                row.status(),
                row.reason());

        assertThat(AuditFile.line(started).toString())
                .contains(
                        "\"nodes\":[\"web-1\"],\"quorum\":2,\"run_timeout\":3600,\"capture_output\":false,\"outcome\"");
    }

    @Test
    void directoryThatIsMissingIsAnError() {
        AuditFile file = new AuditFile(directory.resolve("missing").resolve("audit.jsonl"));

        assertThatThrownBy(() -> file.append(List.of(AuditRows.row("r1")))).isInstanceOf(IOException.class);
    }
}
