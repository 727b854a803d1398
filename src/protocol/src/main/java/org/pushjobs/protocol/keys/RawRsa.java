package org.pushjobs.protocol.keys;

import java.security.GeneralSecurityException;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Optional;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.IllegalBlockSizeException;

/**
 * RSA with PKCS#1 v1.5 padding and nothing around the content: the old "private key encryption" of OpenSSL (block type 1)
 * and encryption of short secrets (block type 2).
 */
public final class RawRsa {
    private static final String TRANSFORMATION = "RSA/ECB/PKCS1Padding";

    private RawRsa() {}

    /**
     * Pads with block type 1 and applies the private key.
     *
     * @throws IllegalArgumentException when the content is longer than the modulus less 11 bytes
     */
    public static byte[] sign(byte[] content, RSAPrivateKey key) {
        int limit = modulusBytes(key.getModulus().bitLength()) - 11;
        if (content.length > limit) {
            throw new IllegalArgumentException(
                    "an RSA key of " + key.getModulus().bitLength() + " bits signs at most " + limit
                            + " bytes, these are " + content.length);
        }
        try {
            return cipher(Cipher.ENCRYPT_MODE, key).doFinal(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("RSA signing failed", e);
        }
    }

    /** The content of a block made by {@link #sign}; empty when the key or the padding does not fit. */
    public static Optional<byte[]> open(byte[] block, RSAPublicKey key) {
        if (block.length != modulusBytes(key.getModulus().bitLength())) {
            return Optional.empty();
        }
        try {
            return Optional.of(cipher(Cipher.DECRYPT_MODE, key).doFinal(block));
        } catch (BadPaddingException | IllegalBlockSizeException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("RSA verification failed", e);
        }
    }

    /** Encrypts a short secret for the owner of the key, block type 2. */
    public static byte[] encrypt(byte[] secret, RSAPublicKey key) {
        try {
            return cipher(Cipher.ENCRYPT_MODE, key).doFinal(secret);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("RSA encryption failed", e);
        }
    }

    /** Undoes {@link #encrypt}; empty when the key or the padding does not fit. */
    public static Optional<byte[]> decrypt(byte[] block, RSAPrivateKey key) {
        try {
            return Optional.of(cipher(Cipher.DECRYPT_MODE, key).doFinal(block));
        } catch (BadPaddingException | IllegalBlockSizeException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("RSA decryption failed", e);
        }
    }

    private static int modulusBytes(int bits) {
        return (bits + 7) / 8;
    }

    private static Cipher cipher(int mode, java.security.Key key) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(TRANSFORMATION);
        cipher.init(mode, key);
        return cipher;
    }
}
