package org.pushjobs.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushjobs.protocol.Vectors;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.Output;
import org.pushjobs.protocol.signing.MessageHeader;
import org.pushjobs.protocol.signing.SessionKey;

/** Every message that a real Ruby agent sent: the server's side takes it, and our agent would send the same bytes. */
class RubyAgentFramesTest {
    private static final JsonNode VECTORS = Vectors.read("client-zmq.json");
    private static final SessionKey SESSION_KEY =
            new SessionKey(base64(VECTORS.get("session_key_base64").textValue()));
    private static final AgentMessageReader READER = new AgentMessageReader(
            MessageLimits.DEFAULT,
            Clock.fixed(HttpDate.parse(VECTORS.get("frozen_time").textValue()), ZoneOffset.UTC));

    static Stream<Named<JsonNode>> sent() {
        return Vectors.entries(VECTORS.get("client_frames"))
                .filter(entry -> !entry.getPayload().has("error"));
    }

    static Stream<Named<JsonNode>> notSent() {
        return Vectors.entries(VECTORS.get("client_frames"))
                .filter(entry -> entry.getPayload().has("error"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sent")
    void bodyIsReadAndWrittenWithTheSameBytes(JsonNode entry) throws RejectedMessageException {
        // given
        byte[] body = base64(entry.get("body_base64").textValue());

        // when
        AgentMessage message = AgentMessageCodec.decode(body);

        // then
        assertThat(AgentMessageCodec.typeOf(message))
                .isEqualTo(Vectors.tree(body).get("type").textValue());
        assertThat(AgentMessageCodec.encode(message)).asString().isEqualTo(text(body));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sent")
    void headerIsTheSame(JsonNode entry) {
        // given
        byte[] body = base64(entry.get("body_base64").textValue());

        // when
        byte[] header = MessageHeader.hmac(body, SESSION_KEY).encode();

        // then
        assertThat(header).isEqualTo(base64(entry.get("header_base64").textValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sent")
    void serverTakesIt(JsonNode entry) throws RejectedMessageException {
        // given
        byte[] header = base64(entry.get("header_base64").textValue());
        byte[] body = base64(entry.get("body_base64").textValue());

        // when
        AgentMessage message = READER.read(header, body, _ -> SESSION_KEY);

        // then
        assertThat(message.envelope().node()).isEqualTo(VECTORS.get("node").textValue());
        assertThat(message.envelope().org()).isEqualTo(VECTORS.get("org").textValue());
        assertThat(message.envelope().client())
                .isEqualTo(VECTORS.get("hostname").textValue());
        assertThat(message.envelope().incarnationId())
                .isEqualTo(VECTORS.get("incarnation_id").textValue());
        assertThat(message.jobId())
                .isEqualTo(Optional.ofNullable(Vectors.tree(body).get("job_id").textValue()));
    }

    /** Ruby fails on output that is no UTF-8 and sends nothing. Text in Java is always text: the odd byte is replaced. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("notSent")
    void outputThatRubyCannotSendIsSentWithTheOddBytesReplaced(JsonNode entry) throws RejectedMessageException {
        // given
        assertThat(entry.get("error").textValue()).startsWith("JSON::GeneratorError");
        AgentMessage.Succeeded plain = (AgentMessage.Succeeded) AgentMessageCodec.decode(bodyOf("succeeded"));
        String stdout = new String(new byte[] {'a', (byte) 0xff, 'b', (byte) 0xc5}, StandardCharsets.UTF_8);
        AgentMessage withOutput = new AgentMessage.Succeeded(plain.envelope(), Optional.of(new Output(stdout, "")));

        // when
        byte[] body = AgentMessageCodec.encode(withOutput);

        // then
        assertThat(Vectors.tree(body).get("stdout").textValue()).isEqualTo("a\ufffdb\ufffd");
        assertThat(READER.read(MessageHeader.hmac(body, SESSION_KEY).encode(), body, _ -> SESSION_KEY))
                .isEqualTo(withOutput);
    }

    private static byte[] bodyOf(String id) {
        return sent().map(Named::getPayload)
                .filter(entry -> entry.get("id").textValue().equals(id))
                .map(entry -> base64(entry.get("body_base64").textValue()))
                .findFirst()
                .orElseThrow();
    }

    private static byte[] base64(String text) {
        return Base64.getDecoder().decode(text);
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
