package org.pushjobs.config.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushjobs.protocol.keys.Z85;

/** Against key pairs made by libzmq. */
class CurveKeyPairTest {
    static List<CurveKeyPair> pairsOfLibzmq() throws IOException {
        JsonNode vectors;
        try (InputStream in = CurveKeyPairTest.class.getResourceAsStream("/vectors/curve-z85.json")) {
            vectors = new ObjectMapper().readTree(in);
        }
        List<CurveKeyPair> pairs = new ArrayList<>();
        for (String list : List.of("public_from_fixed_secret", "keypairs_from_zmq_curve_keypair")) {
            vectors.required(list)
                    .forEach(pair -> pairs.add(new CurveKeyPair(
                            pair.required("public_z85").textValue(),
                            pair.required("secret_z85").textValue())));
        }
        assertThat(pairs).hasSize(12);
        return pairs;
    }

    @ParameterizedTest
    @MethodSource("pairsOfLibzmq")
    void thePublicKeyOfASecretIsTheOneOfLibzmq(CurveKeyPair pair) {
        assertThat(CurveKeyPair.ofSecret(Z85.decode(pair.secretKey()))).isEqualTo(pair);
    }

    @Test
    void aNewPairBelongsTogetherAndDiffersFromTheOneBefore() {
        CurveKeyPair first = CurveKeyPair.generate(new SecureRandom());
        CurveKeyPair second = CurveKeyPair.generate(new SecureRandom());

        assertThat(CurveKeyPair.ofSecret(Z85.decode(first.secretKey()))).isEqualTo(first);
        assertThat(first.publicKey()).hasSize(40).isNotEqualTo(second.publicKey());
        assertThat(first.secretKey()).hasSize(40).isNotEqualTo(second.secretKey());
    }

    @Test
    void aSecretOfAnotherLengthIsRefused() {
        assertThatThrownBy(() -> CurveKeyPair.ofSecret(new byte[31]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("31");
    }

    @Test
    void theSecretIsNeverPrinted() {
        CurveKeyPair pair = CurveKeyPair.generate(new SecureRandom());

        assertThat(pair.toString()).contains(pair.publicKey()).doesNotContain(pair.secretKey());
    }
}
