package org.pushjobs.server.audit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.pushjobs.server.store.AuditRow;

/**
 * The audit log as a file, one JSON object a line. It is opened anew for each batch, so that whoever rotates it need not tell
 * the server, and made readable by its owner only. Blocking; used by one thread at a time.
 */
final class AuditFile {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final Path path;

    AuditFile(Path path) {
        this.path = Objects.requireNonNull(path, "path");
    }

    /** @throws IOException when not all of it could be written; some of it may have been */
    void append(List<AuditRow> rows) throws IOException {
        StringBuilder lines = new StringBuilder();
        rows.forEach(row -> lines.append(line(row)).append('\n'));
        ByteBuffer bytes = ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.UTF_8));
        try (FileChannel file = FileChannel.open(
                path,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
        }
    }

    /** The fields have the names of the table's columns and of what is in its column options; those without a value are left out. */
    static ObjectNode line(AuditRow row) {
        ObjectNode line = JsonNodeFactory.instance
                .objectNode()
                .put("entry_id", row.entryId().toString())
                .put("at", row.at().toString())
                .put("org_name", row.orgName());
        row.orgGuid().ifPresent(guid -> line.put("org_id", guid));
        line.put("requestor", row.requestor());
        row.identity()
                .ifPresent(identity ->
                        line.put("requestor_type", identity.type()).put("key_fingerprint", identity.keyFingerprint()));
        line.put("request_id", row.requestId())
                .put("remote_address", row.remoteAddress())
                .put("action", row.action());
        row.job().id().ifPresent(id -> line.put("job_id", id));
        row.job().command().ifPresent(command -> line.put("command", command));
        row.job().nodeCount().ifPresent(count -> {
            line.put("node_count", count);
            row.job().nodes().forEach(line.putArray("nodes")::add);
        });
        row.job().options().ifPresent(options -> line.setAll(JSON.<ObjectNode>valueToTree(options.fields())));
        line.put("outcome", row.outcome().label()).put("status", row.status());
        row.reason().ifPresent(reason -> line.put("reason", reason));
        return line;
    }
}
