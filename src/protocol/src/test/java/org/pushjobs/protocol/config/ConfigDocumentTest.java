package org.pushjobs.protocol.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.protocol.Vectors;

class ConfigDocumentTest {
    private static final ConfigDocument DOCUMENT = new ConfigDocument(
            "push.example.com",
            "tcp://push.example.com:10000",
            "tcp://push.example.com:10002",
            10,
            3,
            2,
            "web-1",
            "acme",
            "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
            Optional.of("<n%gjKI)1?^4i^Lgt-*Yd(S@=WQH4)0$Bq0NrX17"),
            "c2Vzc2lvbiBrZXk=",
            3600,
            300,
            65_536,
            "b0e3ba9f-71a3-4971-b3e7-63ae3e7e3c94");

    @Test
    void documentHasTheFieldsOfTheOriginalInTheirOrder() {
        assertThat(new String(DOCUMENT.toJson(), StandardCharsets.UTF_8))
                .isEqualTo("{\"type\":\"config\",\"host\":\"push.example.com\",\"push_jobs\":{\"heartbeat\":{"
                        + "\"out_addr\":\"tcp://push.example.com:10000\","
                        + "\"command_addr\":\"tcp://push.example.com:10002\","
                        + "\"interval\":10.0,\"offline_threshold\":3,\"online_threshold\":2}},"
                        + "\"node\":\"web-1\",\"organization\":\"acme\","
                        + "\"public_key\":\"-----BEGIN PUBLIC KEY-----\\nAAAA\\n-----END PUBLIC KEY-----\\n\","
                        + "\"curve_public_key\":\"<n%gjKI)1?^4i^Lgt-*Yd(S@=WQH4)0$Bq0NrX17\","
                        + "\"encoded_session_key\":{\"method\":\"hmac_sha256\",\"key\":\"c2Vzc2lvbiBrZXk=\"},"
                        + "\"lifetime\":3600,\"max_message_skew\":300,\"max_body_size\":65536,"
                        + "\"incarnation_id\":\"b0e3ba9f-71a3-4971-b3e7-63ae3e7e3c94\"}");
    }

    @Test
    void writtenDocumentIsRead() throws InvalidConfigDocumentException {
        assertThat(ConfigDocument.parse(DOCUMENT.toJson())).isEqualTo(DOCUMENT);
    }

    @Test
    void serverThatUnderstandsMoreSaysSoInAnExtraField() throws InvalidConfigDocumentException {
        // given
        ConfigDocument extended = DOCUMENT.with(Optional.of(new Extensions(262_144, 10_485_760, 4096)));

        // then
        assertThat(new String(extended.toJson(), StandardCharsets.UTF_8))
                .endsWith("\"b0e3ba9f-71a3-4971-b3e7-63ae3e7e3c94\",\"extensions\":{\"protocol_version\":\"2.1\","
                        + "\"output_window\":262144,\"max_output_size\":10485760,\"max_output_tail\":4096}}");
        assertThat(ConfigDocument.parse(extended.toJson())).isEqualTo(extended);
        assertThat(extended.with(Optional.empty())).isEqualTo(DOCUMENT);
    }

    @Test
    void serverThatTakesNoTailsSaysNothingOfThem() throws InvalidConfigDocumentException {
        // given
        ConfigDocument extended = DOCUMENT.with(Optional.of(new Extensions(262_144, 10_485_760, 0)));

        // then
        assertThat(new String(extended.toJson(), StandardCharsets.UTF_8))
                .endsWith("\"output_window\":262144,\"max_output_size\":10485760}}");
        assertThat(ConfigDocument.parse(extended.toJson())).isEqualTo(extended);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1.5", "null", "\"4096\""})
    void sizeOfTailsThatIsNoneIsRefused(String size) {
        String json = new String(
                DOCUMENT.with(Optional.of(new Extensions(1, 1, 4096))).toJson(), StandardCharsets.UTF_8);

        assertThatThrownBy(() -> ConfigDocument.parse(
                        json.replace(":4096}", ":" + size + "}").getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(InvalidConfigDocumentException.class)
                .hasMessageContaining("/extensions/max_output_tail");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "\"2.1\"", "{\"protocol_version\":\"3.0\",\"output_window\":\"?\"}"})
    void extensionsThatAreNotKnownAreLeftAlone(String extensions) throws InvalidConfigDocumentException {
        String json = new String(DOCUMENT.toJson(), StandardCharsets.UTF_8);
        String strange = json.substring(0, json.length() - 1) + ",\"extensions\":" + extensions + "}";

        assertThat(ConfigDocument.parse(strange.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(DOCUMENT);
    }

    @Test
    void documentWithoutEncryptionHasNoCurveKey() throws InvalidConfigDocumentException {
        // given
        ObjectNode without = (ObjectNode) Vectors.tree(DOCUMENT.toJson());
        without.remove("curve_public_key");

        // when
        ConfigDocument document = parse(without);

        // then
        assertThat(document.curvePublicKey()).isEmpty();
        assertThat(Vectors.tree(document.toJson())).isEqualTo(without);
        without.putNull("curve_public_key");
        assertThat(parse(without)).isEqualTo(document);
    }

    @Test
    void intervalMayBeAFractionOfASecondOrAWholeNumber() throws InvalidConfigDocumentException {
        // given
        ObjectNode json = (ObjectNode) Vectors.tree(DOCUMENT.toJson());
        ObjectNode heartbeat = (ObjectNode) json.at("/push_jobs/heartbeat");

        // then
        heartbeat.put("interval", 0.5);
        assertThat(parse(json).intervalSeconds()).isEqualTo(0.5);
        heartbeat.put("interval", 7);
        assertThat(parse(json).intervalSeconds()).isEqualTo(7);
    }

    @Test
    void unknownFieldsAreIgnored() throws InvalidConfigDocumentException {
        // given
        ObjectNode json = (ObjectNode) Vectors.tree(DOCUMENT.toJson());
        json.put("future", 1);

        // then
        assertThat(parse(json)).isEqualTo(DOCUMENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/host",
                "/push_jobs/heartbeat/out_addr",
                "/push_jobs/heartbeat/command_addr",
                "/node",
                "/organization",
                "/public_key",
                "/encoded_session_key/method",
                "/encoded_session_key/key",
                "/incarnation_id"
            })
    void textFieldThatIsMissingOrWrongIsNamed(String field) {
        for (JsonNode wrong : new JsonNode[] {
            JsonNodeFactory.instance.missingNode(),
            JsonNodeFactory.instance.nullNode(),
            JsonNodeFactory.instance.numberNode(1),
            JsonNodeFactory.instance.arrayNode().add("text")
        }) {
            assertRefused(field, wrong, field + " of the configuration document is no string");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/push_jobs/heartbeat/offline_threshold",
                "/push_jobs/heartbeat/online_threshold",
                "/lifetime",
                "/max_message_skew",
                "/max_body_size"
            })
    void wholeNumberThatIsMissingOrWrongIsNamed(String field) {
        for (JsonNode wrong : new JsonNode[] {
            JsonNodeFactory.instance.missingNode(),
            JsonNodeFactory.instance.nullNode(),
            JsonNodeFactory.instance.textNode("3"),
            JsonNodeFactory.instance.numberNode(0),
            JsonNodeFactory.instance.numberNode(-1),
            JsonNodeFactory.instance.numberNode(0.5),
            JsonNodeFactory.instance.numberNode(1.5),
            JsonNodeFactory.instance.numberNode(3_000_000_000L),
            JsonNodeFactory.instance.numberNode(1e300)
        }) {
            assertRefused(field, wrong, field + " of the configuration document is no positive integer");
        }
    }

    @Test
    void intervalThatIsMissingOrWrongIsNamed() {
        String field = "/push_jobs/heartbeat/interval";
        for (JsonNode wrong : new JsonNode[] {
            JsonNodeFactory.instance.missingNode(),
            JsonNodeFactory.instance.nullNode(),
            JsonNodeFactory.instance.textNode("10"),
            JsonNodeFactory.instance.numberNode(0.0),
            JsonNodeFactory.instance.numberNode(-1)
        }) {
            assertRefused(field, wrong, field + " of the configuration document is no positive number");
        }
    }

    @Test
    void intervalThatIsInfiniteIsNamed() {
        // given
        String json = new String(DOCUMENT.toJson(), StandardCharsets.UTF_8).replace("10.0", "1e999");

        // then
        assertThatThrownBy(() -> ConfigDocument.parse(json.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(InvalidConfigDocumentException.class)
                .hasMessage("/push_jobs/heartbeat/interval of the configuration document is no positive number");
    }

    @Test
    void curveKeyThatIsNoTextIsNamed() {
        assertRefused(
                "/curve_public_key",
                JsonNodeFactory.instance.numberNode(1),
                "/curve_public_key of the configuration document is no string");
    }

    @Test
    void otherSigningMethodIsRefused() {
        assertRefused(
                "/encoded_session_key/method",
                JsonNodeFactory.instance.textNode("rsa2048_sha1"),
                "/encoded_session_key/method of the configuration document is not hmac_sha256");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | the configuration document is no JSON object",
                "[] | the configuration document is no JSON object",
                "null | the configuration document is no JSON object",
                "<html> | the configuration document is not JSON",
                "{\"type\":\"config\" | the configuration document is not JSON",
                "{} {} | the configuration document is not JSON",
                "{} | /encoded_session_key/method of the configuration document is no string"
            })
    void textThatIsNoDocumentIsRefused(String text, String problem) {
        assertThatThrownBy(() -> ConfigDocument.parse(text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(InvalidConfigDocumentException.class)
                .hasMessage(problem);
    }

    @Test
    void sessionKeyIsNotPrinted() {
        assertThat(DOCUMENT.toString()).contains("web-1").doesNotContain(DOCUMENT.sessionKey());
    }

    private static void assertRefused(String pointer, JsonNode value, String problem) {
        ObjectNode json = (ObjectNode) Vectors.tree(DOCUMENT.toJson());
        int slash = pointer.lastIndexOf('/');
        ObjectNode parent = (ObjectNode) json.at(pointer.substring(0, slash));
        if (value.isMissingNode()) {
            parent.remove(pointer.substring(slash + 1));
        } else {
            parent.set(pointer.substring(slash + 1), value);
        }
        assertThatThrownBy(() -> parse(json))
                .as("%s is %s", pointer, value)
                .isInstanceOf(InvalidConfigDocumentException.class)
                .hasMessage(problem);
    }

    private static ConfigDocument parse(ObjectNode json) throws InvalidConfigDocumentException {
        return ConfigDocument.parse(json.toString().getBytes(StandardCharsets.UTF_8));
    }
}
