package org.pushjobs.simulator.bench.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/** What was measured at full scale, kept from run to run, so that a table can be made row by row. */
public final class ResultsFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;

    public ResultsFile(Path file) {
        this.file = file;
    }

    /** The last measurement of each row; empty when there is no file. */
    public Map<Row, Measurement> read() throws IOException {
        Map<Row, Measurement> rows = new EnumMap<>(Row.class);
        if (Files.exists(file)) {
            JsonNode content = JSON.readTree(file.toFile());
            for (Row row : Row.values()) {
                JsonNode measured = content.path(row.id());
                if (measured.isObject()) {
                    rows.put(
                            row,
                            new Measurement(
                                    measured.path("value").asDouble(),
                                    measured.path("note").asText(),
                                    Instant.parse(measured.path("at").asText()),
                                    measured.path("commit").asText()));
                }
            }
        }
        return rows;
    }

    /** Adds or replaces a row. */
    public void put(Row row, Measurement measured) throws IOException {
        Map<Row, Measurement> rows = read();
        rows.put(row, measured);
        ObjectNode content = JSON.createObjectNode();
        rows.forEach((key, value) -> content.putObject(key.id())
                .put("value", value.value())
                .put("note", value.note())
                .put("at", value.at().toString())
                .put("commit", value.commit()));
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, content.toPrettyString() + "\n");
    }
}
