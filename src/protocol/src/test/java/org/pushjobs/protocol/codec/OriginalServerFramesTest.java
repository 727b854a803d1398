package org.pushjobs.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushjobs.protocol.Vectors;
import org.pushjobs.protocol.config.ConfigDocument;
import org.pushjobs.protocol.config.InvalidConfigDocumentException;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.keys.SessionKeys;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.ServerHeartbeat;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.protocol.signing.MessageHeader;
import org.pushjobs.protocol.signing.SessionKey;

/** A recorded conversation of the original server with a real agent: both of our sides could have taken part. */
class OriginalServerFramesTest {
    private static final JsonNode VECTORS = Vectors.read("server-frames-erlang.json");
    private static final SessionKey SESSION_KEY = new SessionKey(
            Base64.getDecoder().decode(VECTORS.get("session_key_base64").textValue()));
    private static final Clock CLOCK = Clock.fixed(HttpDate.parse("Sun, 22 Nov 2026 09:33:30 GMT"), ZoneOffset.UTC);

    static Stream<Named<JsonNode>> fromServer() {
        return namedByType("from_server");
    }

    static Stream<Named<JsonNode>> fromAgent() {
        return namedByType("from_client");
    }

    @Test
    void configurationDocumentIsReadAndWrittenTheSame() throws InvalidConfigDocumentException {
        // when
        ConfigDocument document = config();

        // then
        assertThat(Vectors.tree(document.toJson())).isEqualTo(VECTORS.get("config"));
        assertThat(fieldNames(Vectors.tree(document.toJson()))).isEqualTo(fieldNames(VECTORS.get("config")));
    }

    @Test
    void sessionKeyComesOutOfTheConfigurationDocument() throws InvalidConfigDocumentException {
        // when
        String wrapped = config().sessionKey();

        // then
        assertThat(SessionKeys.unwrap(
                        wrapped,
                        PemKeys.privateKey(VECTORS.get("client_private_key_pem").textValue())))
                .contains(SESSION_KEY);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("fromServer")
    void frameOfTheServerIsTakenAndWrittenWithTheSameBytes(JsonNode entry) throws Exception {
        // given
        assertThat(entry.get("client_valid").booleanValue()).isTrue();
        byte[] header = utf8(entry.get("header"));
        byte[] body = utf8(entry.get("body"));
        JsonNode fields = Vectors.tree(body);
        ServerMessageReader reader = new ServerMessageReader(
                MessageLimits.DEFAULT, CLOCK, SESSION_KEY, PemKeys.publicKey(config().publicKey()));

        // when
        byte[] written;
        if (fields.get("type").textValue().equals("heartbeat")) {
            ServerHeartbeat heartbeat = reader.readHeartbeat(header, body);
            written = ServerMessageCodec.encode(heartbeat);
        } else {
            ServerMessage message = reader.readCommand(header, body);
            written = ServerMessageCodec.encode(
                    message,
                    fields.get("sequence").longValue(),
                    HttpDate.parse(fields.get("timestamp").textValue()));
            assertThat(MessageHeader.hmac(written, SESSION_KEY).encode()).isEqualTo(header);
        }

        // then
        assertThat(written).asString().isEqualTo(entry.get("body").textValue());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("fromAgent")
    void frameOfTheAgentIsTakenAndWrittenWithTheSameBytes(JsonNode entry) throws RejectedMessageException {
        // given
        byte[] header = utf8(entry.get("header"));
        byte[] body = utf8(entry.get("body"));
        AgentMessageReader reader = new AgentMessageReader(MessageLimits.DEFAULT, CLOCK);

        // when
        AgentMessage message = reader.read(header, body, _ -> SESSION_KEY);

        // then
        byte[] written = AgentMessageCodec.encode(message);
        assertThat(written).asString().isEqualTo(entry.get("body").textValue());
        assertThat(MessageHeader.hmac(written, SESSION_KEY).encode()).isEqualTo(header);
    }

    private static ConfigDocument config() throws InvalidConfigDocumentException {
        return ConfigDocument.parse(VECTORS.get("config").toString().getBytes(StandardCharsets.UTF_8));
    }

    private static Stream<Named<JsonNode>> namedByType(String list) {
        List<Named<JsonNode>> named = new ArrayList<>();
        for (JsonNode entry : VECTORS.get(list)) {
            JsonNode body = Vectors.tree(utf8(entry.get("body")));
            named.add(Named.of(body.get("sequence") + " " + body.get("type").textValue(), entry));
        }
        return named.stream();
    }

    private static List<String> fieldNames(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.properties().forEach(field -> {
            names.add(field.getKey());
            names.addAll(fieldNames(field.getValue()));
        });
        return names;
    }

    private static byte[] utf8(JsonNode text) {
        return text.textValue().getBytes(StandardCharsets.UTF_8);
    }
}
