package org.pushjobs.zmtp.nacl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.pushjobs.zmtp.testing.DebianPackage;

/** libsodium, which is installed where that is possible; and that it does what the Java implementation does. */
class SodiumNaclIT extends NaclContract {
    private static final int ROUNDS = 2_000;

    @BeforeAll
    static void requireLibsodium() throws Exception {
        DebianPackage.require("libsodium23", () -> DebianPackage.isInstalled("libsodium23"));
    }

    @Override
    Nacl nacl() {
        return SodiumNacl.find().orElseThrow();
    }

    @Test
    void automaticChoiceTakesIt() {
        assertThat(Crypto.AUTO.nacl().description()).isEqualTo("libsodium");
        assertThat(Crypto.LIBSODIUM.nacl().description()).isEqualTo("libsodium");
        assertThat(Crypto.JAVA.nacl().description()).isEqualTo("BouncyCastle");
    }

    @Test
    void bothImplementationsAgree() {
        // given
        Nacl sodium = nacl();
        Nacl java = new JavaNacl();
        SecretBox sodiumBox = sodium.newBox();
        SecretBox javaBox = java.newBox();
        Random random = new Random(5);

        for (int round = 0; round < ROUNDS; round++) {
            // when
            byte[] secret = bytes(random, Nacl.KEY_BYTES);
            byte[] point = bytes(random, Nacl.KEY_BYTES);
            byte[] nonce = bytes(random, Nacl.NONCE_BYTES);
            int length = random.nextInt(700);
            byte[] bySodium = bytes(random, Nacl.MAC_BYTES + length);
            byte[] byJava = bySodium.clone();
            byte[] shared = sodium.sharedKey(point, secret).orElseThrow();
            sodiumBox.seal(shared, nonce, bySodium, 0, length);
            javaBox.seal(shared, nonce, byJava, 0, length);

            // then
            assertThat(java.sharedKey(point, secret)).as("round %d", round).hasValue(shared);
            assertThat(java.publicKey(secret)).as("round %d", round).isEqualTo(sodium.publicKey(secret));
            assertThat(byJava).as("round %d", round).isEqualTo(bySodium);
            assertThat(javaBox.open(shared, nonce, bySodium, 0, bySodium.length))
                    .isTrue();
            assertThat(sodiumBox.open(shared, nonce, byJava, 0, byJava.length)).isTrue();
            assertThat(byJava).isEqualTo(bySodium);
        }
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
