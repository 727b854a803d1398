package org.pushjobs.config.files;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The members of the JSON object that a file holds, in their order and with those that occur twice. */
public final class JsonMembers {
    private static final int MAX_FILE_SIZE_BYTES = 1_048_576;
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    /** @param line in the file, from 1 */
    public record Member(String name, JsonNode value, int line) {}

    private JsonMembers() {}

    /** @throws ConfigException when there is no such file or it holds no JSON object; never quotes the file */
    public static List<Member> read(Path file) throws ConfigException {
        byte[] content = content(file);
        List<Member> members = new ArrayList<>();
        try (JsonParser parser = JSON.getFactory().createParser(content)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new ConfigException(file + " holds no JSON object; it must start with { and end with }");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                int line = parser.currentLocation().getLineNr();
                parser.nextToken();
                members.add(new Member(name, JSON.readTree(parser), line));
            }
            if (parser.nextToken() != null) {
                throw new ConfigException(file + ", line "
                        + parser.currentLocation().getLineNr()
                        + ": something follows the end of the JSON object; remove it");
            }
        } catch (JsonProcessingException e) {
            // No location: a limit of the parser was hit, such as a number of a thousand digits.
            String place = Optional.ofNullable(e.getLocation())
                    .map(location ->
                            " from line " + location.getLineNr() + ", column " + location.getColumnNr() + " on")
                    .orElse("");
            throw new ConfigException(file + " is no valid JSON" + place
                    + "; look for a missing or superfluous comma, quote or bracket there or just before");
        } catch (IOException e) {
            throw new IllegalStateException("reading JSON from memory failed", e);
        }
        return members;
    }

    private static byte[] content(Path file) throws ConfigException {
        try {
            if (Files.size(file) > MAX_FILE_SIZE_BYTES) {
                throw new ConfigException(
                        file + " has more than " + MAX_FILE_SIZE_BYTES + " bytes; it cannot be the right file");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new ConfigException(file + " does not exist; create it or name another file");
        } catch (IOException e) {
            throw new ConfigException(
                    file + " cannot be read (" + e.getClass().getSimpleName() + "); check its kind and permissions");
        }
    }
}
