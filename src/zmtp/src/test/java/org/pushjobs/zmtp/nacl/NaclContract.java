package org.pushjobs.zmtp.nacl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every implementation does: the vectors published with NaCl ("Cryptography in NaCl", Bernstein 2009), and its own. */
abstract class NaclContract {
    private static final byte[] ALICE_SECRET = hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
    private static final byte[] ALICE_PUBLIC = hex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    private static final byte[] BOB_SECRET = hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
    private static final byte[] BOB_PUBLIC = hex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
    private static final byte[] SHARED = hex("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389");
    private static final byte[] NONCE = hex("69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37");
    private static final byte[] CONTENT = hex("be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffce5ecbaaf"
            + "33bd751a1ac728d45e6c61296cdc3c01233561f41db66cce314adb310e3be8250c46f06dceea3a7fa1348057"
            + "e2f6556ad6b1318a024a838f21af1fde048977eb48f59ffd4924ca1c60902e52f0a089bc76897040e082f937"
            + "763848645e0705");
    private static final byte[] BOX = hex("f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce48332ea7"
            + "164d96a4476fb8c531a1186ac0dfc17c98dce87b4da7f011ec48c97271d2c20f9b928fe2270d6fb863d51738"
            + "b48eeee314a7cc8ab932164548e526ae90224368517acfeabd6bb3732bc0e9da99832b61ca01b6de56244a9e"
            + "88d5f9b37973f622a43d14a6599b1f654cb45a74e355a5");

    abstract Nacl nacl();

    @Test
    void publicKeysAreThoseOfThePublishedSecretKeys() {
        assertThat(nacl().publicKey(ALICE_SECRET)).isEqualTo(ALICE_PUBLIC);
        assertThat(nacl().publicKey(BOB_SECRET)).isEqualTo(BOB_PUBLIC);
    }

    @Test
    void bothSidesShareThePublishedKey() {
        assertThat(nacl().sharedKey(BOB_PUBLIC, ALICE_SECRET)).hasValue(SHARED);
        assertThat(nacl().sharedKey(ALICE_PUBLIC, BOB_SECRET)).hasValue(SHARED);
    }

    @Test
    void thePublishedBoxIsMade() {
        // given
        byte[] buffer = new byte[5 + BOX.length];
        System.arraycopy(CONTENT, 0, buffer, 5 + Nacl.MAC_BYTES, CONTENT.length);

        // when
        nacl().newBox().seal(SHARED, NONCE, buffer, 5, CONTENT.length);

        // then
        assertThat(Arrays.copyOfRange(buffer, 5, buffer.length)).isEqualTo(BOX);
    }

    @Test
    void thePublishedBoxIsOpened() {
        // given
        byte[] buffer = new byte[3 + BOX.length];
        System.arraycopy(BOX, 0, buffer, 3, BOX.length);

        // when
        boolean opened = nacl().newBox().open(SHARED, NONCE, buffer, 3, BOX.length);

        // then
        assertThat(opened).isTrue();
        assertThat(Arrays.copyOfRange(buffer, 3 + Nacl.MAC_BYTES, buffer.length))
                .isEqualTo(CONTENT);
    }

    @Test
    void noChangedBoxIsOpened() {
        SecretBox box = nacl().newBox();
        for (int bit = 0; bit < 8 * BOX.length; bit++) {
            byte[] changed = BOX.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(box.open(SHARED, NONCE, changed, 0, changed.length))
                    .as("bit %d", bit)
                    .isFalse();
        }
    }

    @Test
    void noShortenedBoxIsOpened() {
        SecretBox box = nacl().newBox();
        for (int length = 0; length < BOX.length; length++) {
            assertThat(box.open(SHARED, NONCE, BOX.clone(), 0, length))
                    .as("length %d", length)
                    .isFalse();
        }
    }

    @Test
    void anotherNonceDoesNotOpen() {
        byte[] other = NONCE.clone();
        other[23]++;
        assertThat(nacl().newBox().open(SHARED, other, BOX.clone(), 0, BOX.length))
                .isFalse();
    }

    static IntStream lengths() {
        return IntStream.concat(IntStream.rangeClosed(0, 200), IntStream.of(1_000, 65_535, 65_536, 1_000_000));
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void boxesOfAllLengthsAreOpenedByTheOtherSide(int length) {
        // given
        KeyPair one = nacl().newKeyPair();
        KeyPair other = nacl().newKeyPair();
        byte[] nonce = new byte[Nacl.NONCE_BYTES];
        nacl().random(nonce);
        byte[] content = new byte[length];
        nacl().random(content);
        byte[] buffer = new byte[Nacl.MAC_BYTES + length];
        System.arraycopy(content, 0, buffer, Nacl.MAC_BYTES, length);

        // when
        SecretBox box = nacl().newBox();
        box.seal(nacl().sharedKey(other.publicKey(), one.secretKey()).orElseThrow(), nonce, buffer, 0, length);
        boolean opened = box.open(
                nacl().sharedKey(one.publicKey(), other.secretKey()).orElseThrow(), nonce, buffer, 0, buffer.length);

        // then
        assertThat(opened).isTrue();
        assertThat(Arrays.copyOfRange(buffer, Nacl.MAC_BYTES, buffer.length)).isEqualTo(content);
    }

    @Test
    void weakPublicKeysShareNothing() {
        byte[] zero = new byte[Nacl.KEY_BYTES];
        byte[] one = new byte[Nacl.KEY_BYTES];
        one[0] = 1;
        assertThat(nacl().sharedKey(zero, ALICE_SECRET)).isEmpty();
        assertThat(nacl().sharedKey(one, ALICE_SECRET)).isEmpty();
    }

    @Test
    void keysOfAnotherLengthAreNoKeys() {
        assertThatThrownBy(() -> nacl().sharedKey(new byte[31], ALICE_SECRET))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("31");
        assertThatThrownBy(() -> nacl().publicKey(new byte[33]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("33");
    }

    @Test
    void noTwoKeyPairsAreTheSameAndNoneIsPrinted() {
        KeyPair pair = nacl().newKeyPair();
        assertThat(pair.publicKey()).isNotEqualTo(nacl().newKeyPair().publicKey());
        assertThat(nacl().publicKey(pair.secretKey())).isEqualTo(pair.publicKey());
        assertThat(pair.toString()).isEqualTo("KeyPair[secret]");
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
