package org.pushjobs.protocol.keys;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;

/** RSA keys from and to PEM text. Usable from any thread. */
public final class PemKeys {
    private static final int GENERATED_KEY_BITS = 2048;

    private PemKeys() {}

    /**
     * Reads a public key from {@code BEGIN PUBLIC KEY} (SPKI), {@code BEGIN RSA PUBLIC KEY} (PKCS#1) or
     * {@code BEGIN CERTIFICATE} (X.509).
     *
     * @throws InvalidKeyTextException says what the text is instead
     */
    public static RSAPublicKey publicKey(String pem) {
        return PlainPem.publicKey(pem).orElseGet(() -> BouncyCastlePem.publicKey(pem));
    }

    /**
     * Reads a private key from {@code BEGIN RSA PRIVATE KEY} (PKCS#1) or {@code BEGIN PRIVATE KEY} (PKCS#8).
     *
     * @throws InvalidKeyTextException says what the text is instead
     */
    public static RSAPrivateKey privateKey(String pem) {
        return PlainPem.privateKey(pem).orElseGet(() -> BouncyCastlePem.privateKey(pem));
    }

    /** {@code BEGIN PUBLIC KEY}, lines of 64, ending in a line break. */
    public static String toPem(RSAPublicKey key) {
        return pem("PUBLIC KEY", key.getEncoded());
    }

    /** {@code BEGIN PRIVATE KEY} (PKCS#8), lines of 64, ending in a line break. */
    public static String toPem(RSAPrivateKey key) {
        return pem("PRIVATE KEY", key.getEncoded());
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END " + label + "-----\n";
    }

    /** A new key pair of {@value #GENERATED_KEY_BITS} bits; takes up to a second. */
    public static KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(GENERATED_KEY_BITS);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime lacks RSA", e);
        }
    }
}
