package org.pushjobs.protocol.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.protocol.request.RequestAuthenticationException.Failure;

/** Checks 1 to 3 of request-signing.md: which headers are there, the time, the version. */
class SignedRequestTest {
    private static final Instant NOW = Instant.parse("2026-01-15T12:34:56Z");

    private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    SignedRequestTest() {
        headers.put("X-Ops-UserId", "alice");
        headers.put("X-Ops-Timestamp", "2026-01-15T12:34:56Z");
        headers.put("X-Ops-Sign", "algorithm=sha1;version=1.0;");
        headers.put("X-Ops-Content-Hash", "2jmj7l5rSw0yVb/vlWAYkK/YBwk=");
        headers.put("X-Ops-Authorization-1", "AAAA");
    }

    @Test
    void missingHeadersAreNamedTogetherInTheirOrder() {
        // given
        headers.remove("X-Ops-Content-Hash");
        headers.remove("X-Ops-UserId");
        headers.put("X-Ops-Sign", "");

        // when
        RequestAuthenticationException refusal = refusal();

        // then
        assertThat(refusal.failure()).isEqualTo(Failure.MISSING_HEADERS);
        assertThat(refusal)
                .hasMessage(
                        "missing required authentication header(s) 'X-Ops-UserId', 'X-Ops-Sign', 'X-Ops-Content-Hash'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "yesterday",
                "2026-01-15",
                "2026-01-15T12:34:56",
                "2026-13-15T12:34:56Z",
                "Thu, 15 Jan 2026 12:34:56 GMT",
                " "
            })
    void unreadableTimestampIsRefused(String timestamp) {
        // given
        headers.put("X-Ops-Timestamp", timestamp);

        // when
        RequestAuthenticationException refusal = refusal();

        // then
        assertThat(refusal.failure()).isEqualTo(Failure.BAD_TIMESTAMP);
        assertThat(refusal).hasMessage("bad header(s) 'X-Ops-Timestamp'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-01-15T12:19:56Z", "2026-01-15T12:49:56Z", "2026-01-15T14:34:56+02:00"})
    void timestampWithin900SecondsIsTaken(String timestamp) throws RequestAuthenticationException {
        // given
        headers.put("X-Ops-Timestamp", timestamp);

        // when
        SignedRequest request = parse();

        // then
        assertThat(request.timestamp()).isEqualTo(timestamp);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-01-15T12:19:55Z",
                "2026-01-15T12:49:57Z",
                "2026-01-15T12:34:56+02:00",
                "+999999999-12-31T23:59:59Z",
                "-999999999-01-01T00:00:00Z"
            })
    void timestampMoreThan900SecondsAwayIsRefused(String timestamp) {
        // given
        headers.put("X-Ops-Timestamp", timestamp);

        // when
        RequestAuthenticationException refusal = refusal();

        // then
        assertThat(refusal.failure()).isEqualTo(Failure.CLOCK_SKEW);
        assertThat(refusal).hasMessage("Failed to authenticate as alice. Synchronize the clock on your host.");
    }

    @ParameterizedTest
    @CsvSource({
        "version=1.0, V1_0",
        "version=1.1;, V1_1",
        "algorithm=sha1;version=1.1;, V1_1",
        "version=1.2;algorithm=sha1, V1_2",
        "algorithm=sha256;version=1.3, V1_3",
        "version=1.3;future=x, V1_3"
    })
    void signHeaderNamesTheVersionInAnyOrder(String value, SigningVersion version)
            throws RequestAuthenticationException {
        // given
        headers.put("X-Ops-Sign", value);

        // when
        SignedRequest request = parse();

        // then
        assertThat(request.version()).isEqualTo(version);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "version=0.9",
                "version=1.4",
                "version=",
                "1.0",
                "algorithm=sha1",
                "algorithm=sha1;version=1.3",
                "algorithm=sha256;version=1.0",
                "algorithm=md5;version=1.0",
                ";",
                "="
            })
    void unknownVersionOrAlgorithmIsRefused(String value) {
        // given
        headers.put("X-Ops-Sign", value);

        // when
        RequestAuthenticationException refusal = refusal();

        // then
        assertThat(refusal.failure()).isEqualTo(Failure.UNSUPPORTED_VERSION);
        assertThat(refusal).hasMessage("Unsupported authentication protocol version");
    }

    @Test
    void checksAreMadeInTheirOrder() {
        // given
        headers.remove("X-Ops-UserId");
        headers.put("X-Ops-Timestamp", "yesterday");
        headers.put("X-Ops-Sign", "version=9");

        // then
        assertThat(refusal().failure()).isEqualTo(Failure.MISSING_HEADERS);
        headers.put("X-Ops-UserId", "alice");
        assertThat(refusal().failure()).isEqualTo(Failure.BAD_TIMESTAMP);
        headers.put("X-Ops-Timestamp", "2026-01-15T00:00:00Z");
        assertThat(refusal().failure()).isEqualTo(Failure.CLOCK_SKEW);
        headers.put("X-Ops-Timestamp", "2026-01-15T12:34:56Z");
        assertThat(refusal().failure()).isEqualTo(Failure.UNSUPPORTED_VERSION);
    }

    @Test
    void missingOrEmptyServerApiVersionIsZero() throws RequestAuthenticationException {
        assertThat(parse().serverApiVersion()).isEqualTo("0");

        headers.put("X-Ops-Server-API-Version", "");
        assertThat(parse().serverApiVersion()).isEqualTo("0");

        headers.put("X-Ops-Server-API-Version", "1");
        assertThat(parse().serverApiVersion()).isEqualTo("1");
    }

    @ParameterizedTest
    @CsvSource({
        "/, /",
        "//, /",
        "/?a=/b/, /",
        "/a/, /a",
        "/a///, /a",
        "//a///b//, /a/b",
        "/a?x=1/, /a",
        "/a/?x=1, /a",
        "/a%20b, /a%20b",
        "/a%2F/b, /a%2F/b"
    })
    void canonicalPathHasNoQueryAndNoSuperfluousSlashes(String path, String canonical) {
        // when
        String text = CanonicalRequest.text(
                SigningVersion.V1_3, "GET", CanonicalRequest.withoutQuery(path), "hash", "time", "alice", "0");

        // then
        assertThat(text).startsWith("Method:GET\nPath:" + canonical + "\nX-Ops-Content-Hash:hash\n");
    }

    private SignedRequest parse() throws RequestAuthenticationException {
        return SignedRequest.parse(name -> Optional.ofNullable(headers.get(name)), NOW);
    }

    private RequestAuthenticationException refusal() {
        return catchThrowableOfType(RequestAuthenticationException.class, this::parse);
    }
}
