package org.pushjobs.zmtp.nacl;

import java.util.Arrays;
import org.bouncycastle.crypto.macs.Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;

/** XSalsa20 and Poly1305 by BouncyCastle. */
final class JavaBox implements SecretBox {
    private static final int MAC_KEY_BYTES = 32;

    private final Salsa20 salsa = new Salsa20();
    private final Poly1305 poly1305 = new Poly1305();
    private final byte[] first = new byte[Salsa20.BLOCK_BYTES];
    private final byte[] mac = new byte[Nacl.MAC_BYTES];

    @Override
    public void seal(byte[] key, byte[] nonce, byte[] buffer, int offset, int length) {
        int content = offset + Nacl.MAC_BYTES;
        salsa.start(key, nonce);
        salsa.next(first);
        encrypt(buffer, content, length);
        authenticate(buffer, content, length, buffer, offset);
        wipe();
    }

    @Override
    public boolean open(byte[] key, byte[] nonce, byte[] buffer, int offset, int length) {
        if (length < Nacl.MAC_BYTES) {
            return false;
        }
        int content = offset + Nacl.MAC_BYTES;
        salsa.start(key, nonce);
        salsa.next(first);
        authenticate(buffer, content, length - Nacl.MAC_BYTES, mac, 0);
        boolean authentic = sameMac(buffer, offset);
        if (authentic) {
            encrypt(buffer, content, length - Nacl.MAC_BYTES);
        }
        wipe();
        return authentic;
    }

    /** The first 32 bytes of the key stream are the key of the authenticator. */
    private void encrypt(byte[] buffer, int offset, int length) {
        int head = Math.min(length, Salsa20.BLOCK_BYTES - MAC_KEY_BYTES);
        for (int i = 0; i < head; i++) {
            buffer[offset + i] ^= first[MAC_KEY_BYTES + i];
        }
        salsa.apply(buffer, offset + head, length - head);
    }

    private void authenticate(byte[] buffer, int offset, int length, byte[] target, int targetOffset) {
        poly1305.init(new KeyParameter(first, 0, MAC_KEY_BYTES));
        poly1305.update(buffer, offset, length);
        poly1305.doFinal(target, targetOffset);
    }

    /** Takes the same time wherever they differ. */
    private boolean sameMac(byte[] buffer, int offset) {
        int difference = 0;
        for (int i = 0; i < Nacl.MAC_BYTES; i++) {
            difference |= mac[i] ^ buffer[offset + i];
        }
        return difference == 0;
    }

    private void wipe() {
        Arrays.fill(first, (byte) 0);
        salsa.wipe();
    }
}
