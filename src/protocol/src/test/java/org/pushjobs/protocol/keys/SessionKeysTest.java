package org.pushjobs.protocol.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.Vectors;
import org.pushjobs.protocol.signing.SessionKey;

class SessionKeysTest {
    private static final JsonNode VECTORS = Vectors.read("session-key.json");
    private static final KeyPair RSA = PemKeys.generate();
    private static final RSAPublicKey RECEIVER = (RSAPublicKey) RSA.getPublic();
    private static final RSAPrivateKey RECEIVERS_KEY = (RSAPrivateKey) RSA.getPrivate();
    private static final NodeRef NODE = new NodeRef("0123456789abcdef0123456789abcdef", "web-1");

    static Stream<Named<JsonNode>> wrappedByRuby() {
        return Vectors.entries(VECTORS.get("samples"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrappedByRuby")
    void keyWrappedByRubyIsUnwrapped(JsonNode sample) {
        // given
        RSAPrivateKey receiversKey =
                PemKeys.privateKey(VECTORS.get("client_private_key_pem").textValue());

        // when
        SessionKey key =
                SessionKeys.unwrap(sample.get("key").textValue(), receiversKey).orElseThrow();

        // then
        assertThat(base64(key))
                .isEqualTo(sample.get("client_decrypts_to_base64").textValue());
        assertThat(base64(key)).isEqualTo(VECTORS.get("session_key_base64").textValue());
    }

    @Test
    void derivationIsHkdfWithSha256() throws Exception {
        // given
        byte[] master = filled(48, 5);
        byte[] info = "0123456789abcdef0123456789abcdef\0web-1\0003".getBytes(StandardCharsets.UTF_8);

        // when
        SessionKey derived = new SessionKeys(master).derive(NODE, 3);

        // then: RFC 5869 without a salt, whose first block of output is all that is needed
        byte[] pseudoRandomKey = hmac(new byte[32], master);
        byte[] infoAndCounter = Arrays.copyOf(info, info.length + 1);
        infoAndCounter[info.length] = 1;
        assertThat(derived.bytes()).isEqualTo(hmac(pseudoRandomKey, infoAndCounter));
    }

    @Test
    void sameNodeAndEpochAlwaysHaveTheSameKey() {
        assertThat(new SessionKeys(filled(32, 1)).derive(NODE, 1))
                .isEqualTo(new SessionKeys(filled(32, 1)).derive(new NodeRef(NODE.orgGuid(), NODE.node()), 1));
    }

    @Test
    void organisationNodeEpochAndSecretAllChangeTheKey() {
        // given
        List<SessionKey> keys = new ArrayList<>();
        for (int secret : new int[] {1, 2}) {
            SessionKeys sessionKeys = new SessionKeys(filled(32, secret));
            for (String org : new String[] {"0".repeat(32), "1".repeat(32)}) {
                for (String node : new String[] {"web-1", "web-11", "WEB-1", "web-1\u00001", "žluť", ""}) {
                    for (int epoch : new int[] {0, 1, 11, Integer.MAX_VALUE}) {
                        keys.add(sessionKeys.derive(new NodeRef(org, node), epoch));
                    }
                }
            }
        }

        // when
        Set<SessionKey> different = new HashSet<>(keys);

        // then
        assertThat(different).hasSize(96).hasSameSizeAs(keys);
    }

    @Test
    void callersArrayIsNotKept() {
        // given
        byte[] master = filled(32, 1);
        SessionKeys sessionKeys = new SessionKeys(master);

        // when
        Arrays.fill(master, (byte) 9);

        // then
        assertThat(sessionKeys.derive(NODE, 1)).isEqualTo(new SessionKeys(filled(32, 1)).derive(NODE, 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 16, 31})
    void shortMasterSecretIsRefused(int length) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SessionKeys(new byte[length]))
                .withMessage("the master secret must have at least 32 bytes, it has " + length);
    }

    @Property(tries = 100)
    void wrappedKeyIsUnwrappedByItsReceiver(@ForAll @Size(32) byte[] bytes) {
        // given
        SessionKey key = new SessionKey(bytes);

        // when
        String wrapped = SessionKeys.wrap(key, RECEIVER);

        // then
        assertThat(wrapped).doesNotContain("\n").hasSize(344);
        assertThat(SessionKeys.unwrap(wrapped, RECEIVERS_KEY)).contains(key);
    }

    @Test
    void lineBreaksInAWrappedKeyAreSkipped() {
        // given
        SessionKey key = new SessionKey(filled(32, 7));
        String wrapped = SessionKeys.wrap(key, RECEIVER).replaceAll("(.{60})", "$1\n");

        // then
        assertThat(SessionKeys.unwrap(wrapped + "\n", RECEIVERS_KEY)).contains(key);
    }

    @Test
    void keyWrappedForAnotherOneIsNotUnwrapped() {
        // given
        String wrapped = SessionKeys.wrap(
                new SessionKey(filled(32, 7)), (RSAPublicKey) PemKeys.generate().getPublic());

        // then
        assertThat(SessionKeys.unwrap(wrapped, RECEIVERS_KEY)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "AAAA", "not base64 at all!", "%%%", "===="})
    void damagedTextIsNotUnwrapped(String wrapped) {
        assertThat(SessionKeys.unwrap(wrapped, RECEIVERS_KEY)).isEmpty();
    }

    @Test
    void wrappedBytesOfAnotherLengthAreNoKey() {
        for (int length : new int[] {0, 16, 31, 33, 64}) {
            // given
            String wrapped = Base64.getEncoder().encodeToString(RawRsa.encrypt(new byte[length], RECEIVER));

            // then
            assertThat(SessionKeys.unwrap(wrapped, RECEIVERS_KEY)).isEmpty();
        }
    }

    @Test
    void keyIsNotPrinted() {
        assertThat(new SessionKey("0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII)))
                .hasToString("SessionKey[secret]");
    }

    private static byte[] hmac(byte[] key, byte[] data) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(data);
    }

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static String base64(SessionKey key) {
        return Base64.getEncoder().encodeToString(key.bytes());
    }
}
