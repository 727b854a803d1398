package org.pushjobs.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushjobs.protocol.Vectors;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.message.ServerHeartbeat;
import org.pushjobs.protocol.signing.RsaBodySignature;
import org.pushjobs.protocol.signing.SessionKey;

/** Pairs of header and body that a real Ruby agent judged: our agent's side judges the same. */
class RubyAgentVerdictsTest {
    private static final JsonNode VECTORS = Vectors.read("client-zmq.json");
    private static final Clock CLOCK =
            Clock.fixed(HttpDate.parse(VECTORS.get("frozen_time").textValue()), ZoneOffset.UTC);
    private static final SessionKey SESSION_KEY = new SessionKey(
            Base64.getDecoder().decode(VECTORS.get("session_key_base64").textValue()));
    private static final SessionKey WRONG_SESSION_KEY = new SessionKey(new byte[SessionKey.LENGTH_BYTES]);

    static Stream<Named<JsonNode>> judged() {
        return Vectors.entries(VECTORS.get("valid"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("judged")
    void verdictIsThatOfTheRubyAgent(JsonNode entry) throws Exception {
        // given
        String id = entry.get("id").textValue();
        byte[] header = utf8(entry.get("header"));
        byte[] body = utf8(entry.get("message"));
        ServerMessageReader reader = new ServerMessageReader(
                MessageLimits.DEFAULT,
                CLOCK,
                id.equals("commit-hmac-wrong-key") ? WRONG_SESSION_KEY : SESSION_KEY,
                id.equals("server-heartbeat-rsa-other-key") ? otherServerKey() : serverKey());

        // when
        boolean taken = takes(reader, header, body);

        // then
        assertThat(taken).isEqualTo(entry.get("result").equals(BooleanNode.TRUE));
    }

    @Test
    void serverHeartbeatIsSignedWithTheSameBytes() {
        // given
        JsonNode recorded = VECTORS.get("server_heartbeat");
        RSAPrivateKey key =
                PemKeys.privateKey(VECTORS.get("server_private_key_pem").textValue());

        // when
        byte[] header = RsaBodySignature.header(utf8(recorded.get("body")), key).encode();

        // then
        assertThat(header).asString().isEqualTo(recorded.get("header_one_line").textValue());
    }

    @Test
    void serverHeartbeatIsWrittenWithTheSameBytes() throws RejectedMessageException {
        // given
        JsonNode recorded = VECTORS.get("server_heartbeat");
        ServerMessageReader reader = new ServerMessageReader(MessageLimits.DEFAULT, CLOCK, SESSION_KEY, serverKey());

        for (String header : new String[] {"header_one_line", "header_ruby_wrapped"}) {
            // when
            ServerHeartbeat heartbeat = reader.readHeartbeat(utf8(recorded.get(header)), utf8(recorded.get("body")));

            // then
            assertThat(heartbeat)
                    .isEqualTo(new ServerHeartbeat(
                            "pushserver", "b0e3ba9f-71a3-4971-b3e7-63ae3e7e3c94", 7, CLOCK.instant()));
            assertThat(ServerMessageCodec.encode(heartbeat))
                    .asString()
                    .isEqualTo(recorded.get("body").textValue());
        }
    }

    private static boolean takes(ServerMessageReader reader, byte[] header, byte[] body) {
        try {
            switch (Vectors.tree(body).get("type").textValue()) {
                case "heartbeat" -> reader.readHeartbeat(header, body);
                default -> reader.readCommand(header, body);
            }
            return true;
        } catch (RejectedMessageException e) {
            assertThat(e.reason()).isIn(RejectionReason.BAD_HEADER, RejectionReason.BAD_SIGNATURE);
            return false;
        }
    }

    private static RSAPublicKey serverKey() {
        return PemKeys.publicKey(VECTORS.get("server_public_key_pem").textValue());
    }

    private static RSAPublicKey otherServerKey() throws Exception {
        RSAPrivateCrtKey key = (RSAPrivateCrtKey)
                PemKeys.privateKey(VECTORS.get("other_private_key_pem").textValue());
        return (RSAPublicKey) KeyFactory.getInstance("RSA")
                .generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
    }

    private static byte[] utf8(JsonNode text) {
        return text.textValue().getBytes(StandardCharsets.UTF_8);
    }
}
