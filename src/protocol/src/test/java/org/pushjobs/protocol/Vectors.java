package org.pushjobs.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/** Reads what other implementations recorded, see vectors/README.md among the test resources. */
public final class Vectors {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Vectors() {}

    /** @param file its name, without the directory */
    public static JsonNode read(String file) {
        try (InputStream in = Vectors.class.getResourceAsStream("/vectors/" + file)) {
            if (in == null) {
                throw new IllegalArgumentException("no test resource vectors/" + file);
            }
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The elements of a list, each with the name under which a test reports it: its id, or else its place and type. */
    public static Stream<Named<JsonNode>> entries(JsonNode list) {
        List<Named<JsonNode>> entries = new ArrayList<>();
        for (JsonNode entry : list) {
            String name = entry.has("id") ? entry.get("id").textValue() : String.valueOf(entries.size());
            entries.add(Named.of(name, entry));
        }
        return entries.stream();
    }

    /** A tree of JSON text; fails when it is none. */
    public static JsonNode tree(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
