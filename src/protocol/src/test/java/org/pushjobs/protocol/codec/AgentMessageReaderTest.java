package org.pushjobs.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.message.Output;
import org.pushjobs.protocol.signing.HmacSignature;
import org.pushjobs.protocol.signing.RsaBodySignature;

/** Each rule of wire-protocol.md by which a server refuses an agent's message. */
class AgentMessageReaderTest {
    private static final KeyPair RSA_KEYS = PemKeys.generate();

    private final AgentFrame frame = new AgentFrame();

    @Test
    void goodMessageIsTaken() throws RejectedMessageException {
        assertThat(frame.read())
                .isEqualTo(new AgentMessage.Heartbeat(
                        new AgentEnvelope(
                                "web-1",
                                "web-1.example.com",
                                "acme",
                                7,
                                AgentFrame.NOW,
                                "11111111-2222-4333-8444-555555555555",
                                Optional.empty()),
                        JobState.IDLE));
    }

    @Test
    void headerOf2048BytesIsTakenAndOneMoreIsNot() throws RejectedMessageException {
        // given
        frame.headerTail = ";X:" + "x".repeat(2048 - frame.header().length - 3);
        assertThat(frame.header()).hasSize(2048);

        // then
        assertThat(frame.read().envelope().node()).isEqualTo("web-1");
        frame.headerTail += "x";
        assertRejected(frame::read, RejectionReason.HEADER_TOO_LONG, "header has 2049 bytes, at most 2048 are allowed");
    }

    @Test
    void bodyOf65536BytesIsTakenAndOneMoreIsNot() throws RejectedMessageException {
        // given
        frame.bodyTail = " ".repeat(65_536 - frame.body().length);
        assertThat(frame.body()).hasSize(65_536);

        // then
        assertThat(frame.read().envelope().node()).isEqualTo("web-1");
        frame.bodyTail += " ";
        assertRejected(frame::read, RejectionReason.BODY_TOO_LONG, "body has 65537 bytes, at most 65536 are allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "2", "1.1", "2.1", "3.0", "2.0 ", " 2.0", "two"})
    void otherVersionThan1Or2IsRefused(String version) {
        // given
        frame.version = version;

        // then
        assertRejected(frame::read, RejectionReason.BAD_HEADER, "Version is neither 1.0 nor 2.0");
    }

    @Test
    void hmacWithVersion1IsRefused() {
        // given
        frame.version = "1.0";

        // then
        assertRejected(frame::read, RejectionReason.BAD_HEADER, "hmac_sha256 needs Version 2.0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Version:2.0;SigningMethod:hmac_sha256;Signature:%s",
                "Version:2.0;SigningMethod:hmac_sha256;SignedChecksum:%s",
                "SignedChecksum:%s;SigningMethod:hmac_sha256;Version:2.0",
                "Version:2.0;SigningMethod:hmac_sha256;Future:x:y;;junk;Signature:%s;"
            })
    void headerMayBeWrittenDifferently(String format) throws RejectedMessageException {
        // when
        AgentMessage message = frame.readWithHeader(header(format));

        // then
        assertThat(message.envelope().node()).isEqualTo("web-1");
    }

    @ParameterizedTest
    @CsvSource({
        "SigningMethod:hmac_sha256;Signature:%s, Version is missing",
        "Version:2.0;Signature:%s, SigningMethod is missing",
        "Version:2.0;SigningMethod:hmac_sha256, Signature is missing",
        "Version:2.0;SigningMethod:hmac_sha1;Signature:%s, SigningMethod is neither hmac_sha256 nor rsa2048_sha1",
        "Version:2.0;SigningMethod:HMAC_SHA256;Signature:%s, SigningMethod is neither hmac_sha256 nor rsa2048_sha1",
        "Version:2.0; SigningMethod:hmac_sha256;Signature:%s, SigningMethod is missing",
        "version:2.0;SigningMethod:hmac_sha256;Signature:%s, Version is missing",
        "Version:2.0;SigningMethod:hmac_sha256;Signature:A, Signature is not base64",
        "'', SigningMethod is missing"
    })
    void headerWithoutANeededPartIsRefused(String format, String detail) {
        assertRejected(() -> frame.readWithHeader(header(format)), RejectionReason.BAD_HEADER, detail);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "2.0"})
    void rsaSignatureIsRefusedOnTheCommandPort(String version) {
        // given
        String signature = Base64.getEncoder()
                .encodeToString(RsaBodySignature.sign(frame.body(), (RSAPrivateKey) RSA_KEYS.getPrivate()));
        byte[] header = ("Version:" + version + ";SigningMethod:rsa2048_sha1;Signature:" + signature)
                .getBytes(StandardCharsets.US_ASCII);

        // then
        assertRejected(
                () -> frame.readWithHeader(header),
                RejectionReason.BAD_HEADER,
                "signing method of the command port must be hmac_sha256");
    }

    static Stream<Named<byte[]>> junk() {
        String good = new String(new AgentFrame().body(), StandardCharsets.UTF_8);
        return Stream.of(
                Named.of("nothing", new byte[0]),
                Named.of("blanks", utf8("  \n")),
                Named.of("a string", utf8("\"text\"")),
                Named.of("a number", utf8("1")),
                Named.of("null", utf8("null")),
                Named.of("an array", utf8("[" + good + "]")),
                Named.of("a truncated object", utf8(good.substring(0, good.length() - 1))),
                Named.of("half of an object", utf8(good.substring(0, good.length() / 2))),
                Named.of("two objects", utf8(good + good)),
                Named.of("text after the object", utf8(good + "x")),
                Named.of("a bracket after the object", utf8(good + "]")),
                Named.of("a NUL after the object", utf8(good + "\u0000")),
                Named.of("a comment", utf8("/* hello */" + good)),
                Named.of("single quotes", utf8(good.replace('"', '\''))),
                Named.of("no quotes around names", utf8(good.replace("\"node\"", "node"))),
                Named.of("a comma too many", utf8(good.replace("}", ",}"))),
                Named.of("NaN", utf8(good.replace("7", "NaN"))),
                Named.of("a line break in a string", utf8(good.replace("acme", "ac\nme"))),
                Named.of("a lone byte FF in a string", latin1(good.replace("acme", "ac\u00ffme"))),
                Named.of("a lone continuation byte", latin1(good.replace("acme", "ac\u0080me"))),
                Named.of("a truncated character", latin1(good.replace("acme", "ac\u00e6\u00b8me"))),
                Named.of("an overlong NUL", latin1(good.replace("acme", "ac\u00c0\u0080me"))),
                Named.of("an overlong slash", latin1(good.replace("acme", "ac\u00e0\u0080\u00afme"))),
                Named.of("half of a surrogate pair", latin1(good.replace("acme", "ac\u00ed\u00a0\u0080me"))),
                Named.of("a character above U+10FFFF", latin1(good.replace("acme", "ac\u00f4\u0090\u0080\u0080me"))),
                Named.of("UTF-16", good.getBytes(StandardCharsets.UTF_16BE)),
                Named.of("UTF-16 with a byte order mark", good.getBytes(StandardCharsets.UTF_16)),
                Named.of("UTF-32", good.getBytes(StandardCharsets.UTF_32BE)),
                Named.of("10,000 arrays never closed", utf8("[".repeat(10_000))),
                Named.of("30,000 arrays", utf8("[".repeat(30_000) + "]".repeat(30_000))),
                Named.of("30,000 arrays in a field", utf8("{\"a\":" + "[".repeat(30_000) + "]".repeat(30_000) + "}")),
                Named.of("10,000 objects", utf8("{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000))),
                Named.of("10,000 objects in a field", utf8("{\"b\":{\"a\":".repeat(5_000) + "1" + "}".repeat(10_000))),
                Named.of("a number of 10,000 digits", utf8(good.replace("7", "7".repeat(10_000)))),
                Named.of("a number with 10,000 decimals", utf8(good.replace("7", "7." + "7".repeat(10_000)))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("junk")
    void bodyThatIsNoJsonObjectIsRefused(byte[] body) {
        // when
        RejectedMessageException rejection = rejection(() -> frame.readBody(body));

        // then
        assertThat(rejection.reason()).isEqualTo(RejectionReason.BAD_JSON);
        assertThat(rejection.getMessage())
                .isIn("body is not a JSON object", "body is not valid JSON", "body has text after the JSON object");
    }

    @Test
    void namesMadeToCollideInAHashTableAreHarmless() throws RejectedMessageException {
        // given
        collidingNames().limit(2_000).forEach(name -> frame.fields.put(name, 1));

        // then
        assertThat(frame.read().envelope().node()).isEqualTo("web-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"node", "org", "type", "sequence", "timestamp", "incarnation_id", "job_state"})
    void missingFieldIsNamed(String field) {
        // given
        frame.fields.remove(field);

        // then
        assertRejected(frame::read, RejectionReason.BAD_FIELD, "field " + field + " is missing");
        frame.fields.putNull(field);
        assertRejected(frame::read, RejectionReason.BAD_FIELD, "field " + field + " is missing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"node", "client", "org", "type", "timestamp", "incarnation_id", "job_state", "job_id", "stdout"})
    void fieldThatShouldBeTextIsNamed(String field) {
        frame.fields.put("type", "succeeded");
        if (field.equals("job_state")) {
            frame.fields.put("type", "heartbeat");
        }
        for (Consumer<ObjectNode> wrong : List.<Consumer<ObjectNode>>of(
                fields -> fields.put(field, 1),
                fields -> fields.put(field, 1.5),
                fields -> fields.put(field, true),
                fields -> fields.putArray(field).add("text"),
                fields -> fields.putObject(field).put("text", "text"))) {
            // given
            wrong.accept(frame.fields);

            // then
            assertRejected(frame::read, RejectionReason.BAD_FIELD, "field " + field + " is not a string");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"7\"", "7.0", "7e0", "true", "[7]", "{}", "9223372036854775808"})
    void sequenceThatIsNoIntegerIsNamed(String value) {
        // given
        byte[] body = utf8(new String(frame.body(), StandardCharsets.UTF_8).replace(":7,", ":" + value + ","));

        // then
        assertRejected(() -> frame.readBody(body), RejectionReason.BAD_FIELD, "field sequence is not an integer");
    }

    @Test
    void sequenceMayBeAsLargeAsALong() throws RejectedMessageException {
        // given
        frame.fields.put("sequence", Long.MAX_VALUE);

        // then
        assertThat(frame.read().envelope().sequence()).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "now",
                "2026-01-15T12:34:56Z",
                "Fri, 15 Jan 2026 12:34:56 GMT",
                "Thu, 15 Jan 2026 12:34:61 GMT",
                "Thu, 15 Jan 2026 12:34:56 +9999",
                "Thu, 15 Jan 2026 12:34:56",
                "Thu, 15 Jan 2026 12:34:56 GMT "
            })
    void timestampThatIsNoHttpDateIsNamed(String timestamp) {
        // given
        frame.fields.put("timestamp", timestamp);

        // then
        assertRejected(frame::read, RejectionReason.BAD_FIELD, "field timestamp is no RFC 1123 date");
    }

    @Test
    void unknownJobStateIsNamed() {
        // given
        frame.fields.put("job_state", "asleep");

        // then
        assertRejected(frame::read, RejectionReason.BAD_FIELD, "field job_state is not idle, committed or running");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Heartbeat", "ready", "commit", "heartbeat "})
    void unknownTypeIsRefused(String type) {
        // given
        frame.fields.put("type", type);

        // then
        assertRejected(frame::read, RejectionReason.UNKNOWN_TYPE, "type is not one that an agent sends");
    }

    @Test
    void clientMayBeMissing() throws RejectedMessageException {
        // given
        frame.fields.remove("client");

        // then
        assertThat(frame.read().envelope().client()).isEmpty();
    }

    @Test
    void jobIdMayBeMissingOrNullOrTheWordNull() throws RejectedMessageException {
        assertThat(frame.read().jobId()).isEmpty();

        frame.fields.put("job_id", "null");
        assertThat(frame.read().jobId()).isEmpty();

        frame.fields.remove("job_id");
        assertThat(frame.read().jobId()).isEmpty();
    }

    @Test
    void jobIdOfMoreThan64BytesIsOneThatNoJobHas() throws RejectedMessageException {
        // given
        String longest = "ž".repeat(32);

        // then
        frame.fields.put("job_id", longest);
        assertThat(frame.read().jobId()).contains(longest);
        frame.fields.put("job_id", longest + "x");
        assertThat(frame.read().jobId()).contains(AgentEnvelope.IMPOSSIBLE_JOB_ID);
        frame.fields.put("job_id", "x".repeat(60_000));
        assertThat(frame.read().jobId()).contains(AgentEnvelope.IMPOSSIBLE_JOB_ID);
    }

    @ParameterizedTest
    @CsvSource({"stdout, stderr", "stderr, stdout"})
    void outputIsBothOrNeither(String there, String missing) {
        // given
        frame.fields.put("type", "failed");
        frame.fields.put(there, "text");

        // then
        assertRejected(
                frame::read, RejectionReason.BAD_FIELD, "field " + missing + " is missing, the other one is there");
    }

    @ParameterizedTest
    @ValueSource(strings = {"succeeded", "failed"})
    void anyCharacterOfOutputSurvives(String type) throws RejectedMessageException {
        // given
        Output output = new Output("a\u0000b\r\n\t\"\\/\u001f\u007f\u2028", "žluť 測試 😀 \ufffd\ufeff");
        frame.fields.put("type", type);
        frame.fields.put("stdout", output.stdout());
        frame.fields.put("stderr", output.stderr());

        // when
        AgentMessage message = frame.read();

        // then
        Optional<Output> received = type.equals("succeeded")
                ? ((AgentMessage.Succeeded) message).output()
                : ((AgentMessage.Failed) message).output();
        assertThat(received).contains(output);
        assertThat(frame.readBody(AgentMessageCodec.encode(message))).isEqualTo(message);
    }

    @Test
    void unknownFieldsAreIgnored() throws RejectedMessageException {
        // given
        frame.fields.putObject("future").putArray("a").add(1).addObject().put("b", "c");
        frame.fields.putArray("list").addArray().add(JsonNodeFactory.instance.nullNode());

        // then
        assertThat(frame.read().envelope().node()).isEqualTo("web-1");
    }

    @Test
    void signatureOfAnotherKeyIsRefused() {
        // given
        frame.signedWith = AgentFrame.OTHER_KEY;

        // then
        assertRejected(frame::read, RejectionReason.BAD_SIGNATURE, "signature does not match the node's session key");
    }

    @Test
    void signatureOfAnotherBodyIsRefused() {
        // given
        byte[] header = frame.header();
        frame.bodyTail = " ";

        // then
        assertRejected(
                () -> frame.readWithHeader(header),
                RejectionReason.BAD_SIGNATURE,
                "signature does not match the node's session key");
    }

    @ParameterizedTest
    @ValueSource(longs = {-300, 0, 300})
    void timestampWithinTheAllowedSkewIsTaken(long seconds) throws RejectedMessageException {
        // given
        frame.fields.put("timestamp", HttpDate.format(AgentFrame.NOW.plusSeconds(seconds)));

        // then
        assertThat(frame.read().envelope().timestamp()).isEqualTo(AgentFrame.NOW.plusSeconds(seconds));
    }

    @ParameterizedTest
    @CsvSource({"-301, 301 s behind", "301, 301 s ahead", "31536000, 31536000 s ahead"})
    void timestampBeyondTheAllowedSkewIsRefused(long seconds, String howFar) {
        // given
        frame.fields.put("timestamp", HttpDate.format(AgentFrame.NOW.plusSeconds(seconds)));

        // then
        assertRejected(
                frame::read, RejectionReason.CLOCK_SKEW, "timestamp is " + howFar + ", at most 300 s are allowed");
    }

    @Test
    void refusalOfTheKeyLookupIsPassedOn() {
        for (RejectionReason reason : List.of(RejectionReason.WRONG_NODE, RejectionReason.UNKNOWN_NODE)) {
            // given
            frame.keys = message -> {
                throw new RejectedMessageException(reason, message.envelope().node() + " is not known");
            };

            // then
            assertRejected(frame::read, reason, "web-1 is not known");
        }
    }

    private byte[] header(String format) {
        String signature = Base64.getEncoder().encodeToString(HmacSignature.sign(frame.body(), AgentFrame.KEY));
        return format.replace("%s", signature).getBytes(StandardCharsets.US_ASCII);
    }

    /** Names of equal length in which "aB" and "b!" alternate: 33 * 'a' + 'B' is 33 * 'b' + '!'. */
    private static Stream<String> collidingNames() {
        return Stream.iterate(0, bits -> bits + 1).map(bits -> {
            StringBuilder name = new StringBuilder();
            for (int bit = 0; bit < 11; bit++) {
                name.append((bits >> bit & 1) == 0 ? "aB" : "b!");
            }
            return name.toString();
        });
    }

    private static void assertRejected(ThrowingCallable read, RejectionReason reason, String detail) {
        RejectedMessageException rejection = rejection(read);
        assertThat(rejection.reason()).isEqualTo(reason);
        assertThat(rejection).hasMessage(detail);
    }

    private static RejectedMessageException rejection(ThrowingCallable read) {
        RejectedMessageException rejection = catchThrowableOfType(RejectedMessageException.class, read);
        assertThat(rejection).as("the message was taken").isNotNull();
        return rejection;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
