package org.pushjobs.protocol.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RawRsaTest {
    private static final KeyPair RSA = PemKeys.generate();
    private static final RSAPublicKey PUBLIC_KEY = (RSAPublicKey) RSA.getPublic();
    private static final RSAPrivateKey PRIVATE_KEY = (RSAPrivateKey) RSA.getPrivate();
    private static final RSAPublicKey OTHER_KEY =
            (RSAPublicKey) PemKeys.generate().getPublic();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 28, 245})
    void contentIsPaddedWithBlockType1AndNothingElse(int length) {
        // given
        byte[] content = new byte[length];

        // when
        byte[] block = RawRsa.sign(content, PRIVATE_KEY);

        // then: 00 01 FF...FF 00 content
        String padded = new BigInteger(1, block)
                .modPow(PUBLIC_KEY.getPublicExponent(), PUBLIC_KEY.getModulus())
                .toString(16);
        assertThat(block).hasSize(256);
        assertThat(padded).isEqualTo("1" + "ff".repeat(253 - length) + "00".repeat(length + 1));
    }

    @Property(tries = 200)
    void signedContentIsOpenedByItsKeyOnly(@ForAll @Size(max = 245) byte[] content) {
        // when
        byte[] block = RawRsa.sign(content, PRIVATE_KEY);

        // then
        assertThat(RawRsa.open(block, PUBLIC_KEY)).contains(content);
        assertThat(RawRsa.open(block, OTHER_KEY)).isEmpty();
    }

    @Test
    void contentThatIsTooLongIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RawRsa.sign(new byte[246], PRIVATE_KEY))
                .withMessage("an RSA key of 2048 bits signs at most 245 bytes, these are 246");
    }

    @Property
    void anyBlockIsOpenedOrNot(@ForAll @Size(max = 300) byte[] block) {
        assertThat(RawRsa.open(block, PUBLIC_KEY)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255, 256, 257, 512})
    void blockOfOnesIsNeitherOpenedNorDecrypted(int length) {
        // given
        byte[] block = new byte[length];
        Arrays.fill(block, (byte) 0xff);

        // then
        assertThat(RawRsa.open(block, PUBLIC_KEY)).isEmpty();
        assertThat(RawRsa.decrypt(block, PRIVATE_KEY)).isEmpty();
    }

    @Test
    void encryptedSecretIsNotASignature() {
        assertThat(RawRsa.open(RawRsa.encrypt(new byte[32], PUBLIC_KEY), PUBLIC_KEY))
                .isEmpty();
    }
}
