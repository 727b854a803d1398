package org.pushjobs.zmtp.nacl;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.bouncycastle.crypto.engines.Salsa20Engine;

/** XSalsa20 and HSalsa20 ("Extending the Salsa20 nonce", Bernstein 2011) on BouncyCastle's Salsa20 core. One thread. */
final class Salsa20 {
    static final int BLOCK_BYTES = 64;

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();
    private static final int ROUNDS = 20;
    private static final int[] SIGMA = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};

    private final int[] state = new int[16];
    private final int[] block = new int[16];

    Salsa20() {
        state[0] = SIGMA[0];
        state[5] = SIGMA[1];
        state[10] = SIGMA[2];
        state[15] = SIGMA[3];
    }

    /** HSalsa20: 32 bytes from a key of 32 and a nonce of 16. */
    void hash(byte[] key, byte[] nonce, byte[] target) {
        hashWords(key, nonce);
        for (int word = 0; word < 4; word++) {
            INTS.set(target, 4 * word, state[1 + word]);
            INTS.set(target, 16 + 4 * word, state[11 + word]);
        }
        wipe();
    }

    /** Prepares the key stream of a key of 32 bytes and a nonce of 24. */
    void start(byte[] key, byte[] nonce) {
        hashWords(key, nonce);
        state[6] = (int) INTS.get(nonce, 16);
        state[7] = (int) INTS.get(nonce, 20);
        state[8] = 0;
        state[9] = 0;
    }

    /** Writes the next 64 bytes of the key stream. */
    void next(byte[] target) {
        nextBlock();
        for (int word = 0; word < 16; word++) {
            INTS.set(target, 4 * word, block[word]);
        }
    }

    /** Combines bytes with the key stream from its next block on. */
    void apply(byte[] buffer, int offset, int length) {
        int at = offset;
        int end = offset + length;
        while (end - at >= BLOCK_BYTES) {
            nextBlock();
            for (int word = 0; word < 16; word++) {
                int position = at + 4 * word;
                INTS.set(buffer, position, (int) INTS.get(buffer, position) ^ block[word]);
            }
            at += BLOCK_BYTES;
        }
        if (at < end) {
            nextBlock();
            for (int i = 0; at + i < end; i++) {
                buffer[at + i] ^= (byte) (block[i >>> 2] >>> (8 * (i & 3)));
            }
        }
    }

    /** Overwrites what depends on the key. */
    void wipe() {
        Arrays.fill(state, 1, 5, 0);
        Arrays.fill(state, 11, 15, 0);
        Arrays.fill(block, 0);
    }

    private void nextBlock() {
        Salsa20Engine.salsaCore(ROUNDS, state, block);
        if (++state[8] == 0) {
            state[9]++;
        }
    }

    /** Leaves the derived key where a key belongs. */
    private void hashWords(byte[] key, byte[] nonce) {
        for (int word = 0; word < 4; word++) {
            state[1 + word] = (int) INTS.get(key, 4 * word);
            state[11 + word] = (int) INTS.get(key, 16 + 4 * word);
            state[6 + word] = (int) INTS.get(nonce, 4 * word);
        }
        Salsa20Engine.salsaCore(ROUNDS, state, block);
        int first = block[0] - state[0];
        int second = block[5] - state[5];
        int third = block[10] - state[10];
        int fourth = block[15] - state[15];
        for (int word = 0; word < 4; word++) {
            state[11 + word] = block[6 + word] - state[6 + word];
        }
        state[1] = first;
        state[2] = second;
        state[3] = third;
        state[4] = fourth;
    }
}
