package org.pushjobs.protocol.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class HkdfTest {
    @Test
    void itIsThatOfRfc5869() {
        byte[] secret = HexFormat.of().parseHex("0b".repeat(22));

        // appendix A.3
        assertThat(Hkdf.derive(secret, "", 42))
                .asHexString()
                .isEqualToIgnoringCase(
                        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
    }
}
