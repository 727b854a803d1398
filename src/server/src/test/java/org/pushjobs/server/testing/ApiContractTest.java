package org.pushjobs.server.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** That the contract can tell right answers from wrong ones. */
class ApiContractTest {
    private static final String ORG = "/organizations/acme/pushy";
    private static final String ID = "0123abcd000000000000000000000001";
    private static final String JOB = """
            {"nodes":{"running":["a"]},"id":"0123abcd000000000000000000000001","command":"c","status":"running",\
            "run_timeout":1,"created_at":"Wed, 14 Jan 2026 10:00:00 GMT","updated_at":"Wed, 14 Jan 2026 10:00:05 GMT"}""";

    @Test
    void rightAnswersHaveNoViolation() {
        assertThat(violation("GET", ORG + "/jobs/" + ID, 200, "application/json", JOB))
                .isEmpty();
        assertThat(violation("GET", ORG + "//jobs/" + ID + "/", 200, "application/json", JOB))
                .isEmpty();
        assertThat(violation("GET", ORG + "/jobs", 404, "application/json", "{\"error\":[\"x\"]}"))
                .isEmpty();
        assertThat(violation("POST", ORG + "/jobs", 400, "application/json", "{\"error\":\"x\"}"))
                .isEmpty();
        assertThat(violation("GET", ORG + "/jobs/" + ID + "/output/n/stdout", 200, "application/octet-stream", "\0\1"))
                .isEmpty();
        assertThat(violation("GET", "/nowhere", 404, "application/json", "{}")).isEmpty();
        assertThat(violation("DELETE", ORG + "/jobs", 405, "application/json", "{}"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "status":"running"    | "status":"happy"
            "run_timeout":1       | "run_timeout":"1"
            ,"command":"c"        | ``
            "command":"c"         | "command":"c","surprise":1
            "command":"c"         | "command":"c","file":"raw:x","file_specified":true
            "command":"c"         | "command":"c","capture_output":false
            "running":["a"]       | "running":[]
            "running":["a"]       | "happy":["a"]
            Wed, 14 Jan 2026      | 2026-01-14
            """)
    void wrongJobDocumentIsAViolation(String right, String wrong) {
        assertThat(JOB).contains(right);

        assertThat(violation("GET", ORG + "/jobs/" + ID, 200, "application/json", JOB.replace(right, wrong)))
                .isPresent();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            GET    | /jobs        | 204 | application/json         | []
            GET    | /jobs        | 200 | text/plain               | []
            GET    | /jobs        | 200 | application/json         | {}
            GET    | /jobs        | 404 | application/json         | {"error":"x"}
            GET    | /jobs        | 413 | application/json         | {"error":["x"]}
            GET    | /jobs        | 503 | application/json         | {"error":["x"]}
            POST   | /jobs        | 201 | application/json         | {"uri":"http://h/organizations/o/pushy/jobs/0123abcd000000000000000000000001","id":"0123abcd000000000000000000000001"}
            DELETE | /jobs        | 200 | application/json         | []
            GET    | /nowhere     | 200 | application/json         | []
            """)
    void wrongAnswersAreViolations(String method, String path, int status, String contentType, String body) {
        assertThat(violation(method, ORG + path, status, contentType, body)).isPresent();
    }

    @Test
    void missingRequestIdIsAViolation() {
        assertThat(ApiContract.get()
                        .violation(
                                "GET",
                                ORG + "/jobs",
                                new byte[0],
                                200,
                                headers(Map.of("Content-Type", "application/json")),
                                Buffer.buffer("[]")))
                .contains("the header X-Request-Id is missing");
    }

    @Test
    void jobThatTheServerShouldNotHaveTakenIsAViolation() {
        HttpHeaders headers = headers(Map.of(
                "Content-Type",
                "application/json",
                "X-Request-Id",
                "1",
                "Location",
                "http://h/organizations/o/pushy/jobs/" + ID));
        Buffer answer =
                Buffer.buffer("{\"uri\":\"http://h/organizations/o/pushy/jobs/" + ID + "\",\"id\":\"" + ID + "\"}");

        assertThat(taken(headers, answer, "{\"command\":\"c\",\"nodes\":[\"a\"]}"))
                .isEmpty();
        assertThat(taken(headers, answer, "{\"command\":\"c\",\"nodes\":[\"a\"],\"surprise\":1}"))
                .isPresent();
    }

    private static Optional<String> taken(HttpHeaders headers, Buffer answer, String request) {
        return ApiContract.get().violation("POST", ORG + "/jobs", request.getBytes(), 201, headers, answer);
    }

    private static Optional<String> violation(String method, String path, int status, String contentType, String body) {
        return ApiContract.get()
                .violation(
                        method,
                        path,
                        new byte[0],
                        status,
                        headers(Map.of("Content-Type", contentType, "X-Request-Id", "1")),
                        Buffer.buffer(body));
    }

    private static HttpHeaders headers(Map<String, String> values) {
        return HttpHeaders.of(
                values.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, e -> List.of(e.getValue()))),
                (_, _) -> true);
    }
}
