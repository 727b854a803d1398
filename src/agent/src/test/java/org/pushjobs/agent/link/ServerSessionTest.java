package org.pushjobs.agent.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.pushjobs.agent.settings.AgentSettings;
import org.pushjobs.chefhttp.ServerUrl;
import org.pushjobs.protocol.config.ConfigDocument;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.keys.SessionKeys;
import org.pushjobs.protocol.keys.Z85;
import org.pushjobs.protocol.signing.SessionKey;

class ServerSessionTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final KeyPair KEYS = PemKeys.generate();
    private static final SessionKey SESSION_KEY = new SessionKey(new byte[SessionKey.LENGTH_BYTES]);
    private static final AgentSettings SETTINGS = AgentSettings.of(
            ServerUrl.parse("https://chef/organizations/acme"), "web-1", (RSAPrivateKey) KEYS.getPrivate());

    private static byte[] document(Consumer<ObjectNode> change) throws IOException {
        ObjectNode document = (ObjectNode) JSON.readTree(new ConfigDocument(
                        "push.example.com",
                        "tcp://push.example.com:10000",
                        "tcp://push.example.com:10002",
                        0.5,
                        3,
                        2,
                        "web-1",
                        "acme",
                        PemKeys.toPem((RSAPublicKey) KEYS.getPublic()),
                        Optional.of(Z85.encode(new byte[32])),
                        SessionKeys.wrap(SESSION_KEY, (RSAPublicKey) KEYS.getPublic()),
                        3600,
                        300,
                        65_536,
                        "incarnation")
                .toJson());
        change.accept(document);
        return JSON.writeValueAsBytes(document);
    }

    private static void assertRefused(Consumer<ObjectNode> change, String problem) {
        assertThatThrownBy(() -> ServerSession.open(document(change), SETTINGS))
                .isInstanceOf(ConfigFetchException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void documentIsOpenedWithTheNodesKey() throws Exception {
        ServerSession session = ServerSession.open(document(_ -> {}), SETTINGS);

        assertThat(session.sessionKey()).isEqualTo(SESSION_KEY);
        assertThat(session.serverKey()).isEqualTo(KEYS.getPublic());
        assertThat(session.curveServerKey())
                .hasValueSatisfying(key -> assertThat(key).hasSize(32));
        assertThat(session.intervalMillis()).isEqualTo(500);
        assertThat(session.toString()).doesNotContain(session.document().sessionKey());
    }

    @Test
    void documentThatCannotBeUsedIsRefusedWithAReason() {
        assertRefused(document -> document.remove("host"), "/host of the configuration document is no string");
        assertRefused(document -> document.put("node", "web-2"), "is for another node: web-2");
        assertRefused(
                document -> heartbeat(document).put("out_addr", "udp://x:1"), "has no tcp:// out_addr: udp://x:1");
        assertRefused(
                document -> heartbeat(document).put("command_addr", "tcp://x"), "has no tcp:// command_addr: tcp://x");
        assertRefused(document -> document.put("public_key", "x"), "public_key: the text holds no PEM block");
        assertRefused(document -> document.put("curve_public_key", "x"), "curve_public_key: Z85 text has");
        assertRefused(document -> document.put("curve_public_key", "00000"), "has a curve_public_key of 4 bytes");
        assertRefused(
                document -> ((ObjectNode) document.get("encoded_session_key")).put("key", "AAAA"),
                "session key is not for this node's client key");
    }

    private static ObjectNode heartbeat(ObjectNode document) {
        return (ObjectNode) document.at("/push_jobs/heartbeat");
    }

    @Test
    void clearTextIsAcceptedOnlyWhereTheSettingsAllowIt() throws Exception {
        byte[] clear = document(document -> document.remove("curve_public_key"));
        AgentSettings allowing = SETTINGS.withUnencryptedAllowed();

        assertThat(ServerSession.open(clear, allowing).curveServerKey()).isEmpty();
        assertThatThrownBy(() -> ServerSession.open(clear, SETTINGS))
                .hasMessageContaining("offers no encryption; set allow_unencrypted");
    }

    @Test
    void sameConnectionIsKnownThoughTheKeyIsWrappedAnew() throws Exception {
        ServerSession session = ServerSession.open(document(_ -> {}), SETTINGS);

        assertThat(session.sameConnectionAs(ServerSession.open(
                        document(document -> document.put("lifetime", 60)
                                .putObject("encoded_session_key")
                                .put("method", "hmac_sha256")
                                .put("key", SessionKeys.wrap(SESSION_KEY, (RSAPublicKey) KEYS.getPublic()))),
                        SETTINGS)))
                .isTrue();
        assertThat(session.sameConnectionAs(
                        ServerSession.open(document(document -> document.put("incarnation_id", "new")), SETTINGS)))
                .isFalse();
    }
}
