package org.pushjobs.workstation.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.pushjobs.workstation.screen.Screen;

/** The text of an error body, {@code {"error": "..."}} or {@code {"error": ["...", ...]}} (rest-api.md). */
final class ErrorText {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_LENGTH = 1000;

    private ErrorText() {}

    /** Empty when the body is something else, for example a proxy's page. */
    static String of(byte[] body) {
        JsonNode error;
        try {
            error = JSON.readTree(body).path("error");
        } catch (IOException e) {
            return "";
        }
        String text = error.isArray()
                ? StreamSupport.stream(error.spliterator(), false)
                        .map(JsonNode::asText)
                        .collect(Collectors.joining("; "))
                : error.asText();
        return Screen.printable(text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) + " ..." : text);
    }
}
