package org.pushjobs.zmtp.nacl;

/**
 * Authenticated encryption of NaCl, XSalsa20 and Poly1305, in place: {@code crypto_secretbox}, which is
 * {@code crypto_box_afternm}, too. Keeps work space and is for one thread at a time. The caller sees to it that no nonce
 * is used twice with one key.
 */
public interface SecretBox {
    /**
     * Seals the {@code length} bytes at {@code offset + 16}: the box, 16 bytes longer, then begins at {@code offset}.
     *
     * @param key 32 bytes
     * @param nonce 24 bytes
     */
    void seal(byte[] key, byte[] nonce, byte[] buffer, int offset, int length);

    /**
     * Opens the box of {@code length} bytes at {@code offset}: the content, 16 bytes shorter, then begins at {@code offset
     * + 16}.
     *
     * @param key 32 bytes
     * @param nonce 24 bytes
     * @return whether it was sealed with this key and nonce; when not, the content is unspecified
     */
    boolean open(byte[] key, byte[] nonce, byte[] buffer, int offset, int length);
}
