package org.pushjobs.protocol.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.protocol.Vectors;

class Z85Test {
    private static final JsonNode VECTORS = Vectors.read("curve-z85.json");

    static List<Arguments> keysAndTheirText() {
        List<Arguments> pairs = new ArrayList<>();
        VECTORS.get("z85").forEach(entry -> pairs.add(pair(entry, "raw_hex", "z85")));
        for (String list : List.of("keypairs_from_zmq_curve_keypair", "public_from_fixed_secret")) {
            VECTORS.get(list).forEach(entry -> {
                pairs.add(pair(entry, "public_hex", "public_z85"));
                pairs.add(pair(entry, "secret_hex", "secret_z85"));
            });
        }
        return pairs;
    }

    static Stream<Named<JsonNode>> oddText() {
        List<Named<JsonNode>> named = new ArrayList<>();
        VECTORS.get("invalid_or_edge_z85")
                .forEach(entry -> named.add(Named.of("'" + entry.get("z85").textValue() + "'", entry)));
        return named.stream();
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("keysAndTheirText")
    void bytesAndTextAreThoseOfLibzmq(String hex, String text) {
        assertThat(Z85.encode(HexFormat.of().parseHex(hex))).isEqualTo(text);
        assertThat(Z85.decode(text)).isEqualTo(HexFormat.of().parseHex(hex));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("oddText")
    void oddTextIsTakenOrRefusedAsLibzmqDoes(JsonNode entry) {
        // given
        String text = entry.get("z85").textValue();

        // then
        if (entry.get("libzmq_result_hex").isNull()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Z85.decode(text))
                    .withMessageStartingWith("Z85 text has");
        } else {
            assertThat(Z85.decode(text))
                    .asHexString()
                    .isEqualToIgnoringCase(entry.get("libzmq_result_hex").textValue());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Hell\u0000", "Hell\u007f", "Hell\u0080", "Hellé", "Hell\uffff"})
    void characterOutsideOfTheAlphabetIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Z85.decode(text))
                .withMessageContaining("not of its alphabet");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 33})
    void bytesThatAreNoMultipleOfFourAreRefused(int length) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Z85.encode(new byte[length]))
                .withMessage("Z85 encodes a multiple of 4 bytes, these are " + length);
    }

    @Property
    void keySurvivesItsText(@ForAll @Size(32) byte[] key) {
        // when
        String text = Z85.encode(key);

        // then
        assertThat(text).hasSize(40);
        assertThat(Z85.decode(text)).isEqualTo(key);
    }

    private static Arguments pair(JsonNode entry, String hexField, String textField) {
        return Arguments.of(
                entry.get(hexField).textValue(), entry.get(textField).textValue());
    }
}
