package org.pushjobs.server.directory;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import org.pushjobs.protocol.keys.InvalidKeyTextException;
import org.pushjobs.protocol.keys.PemKeys;

/** What people know a public key by, in the audit log and in lists of keys. */
public final class KeyFingerprint {
    private KeyFingerprint() {}

    /** {@code SHA256:} and the base64 of the digest of the key as an SPKI. */
    public static String of(RSAPublicKey key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The same of a key as text; what is none is said to be none. */
    public static String of(String publicKeyPem) {
        try {
            return of(PemKeys.publicKey(publicKeyPem));
        } catch (InvalidKeyTextException e) {
            return "unusable: " + e.getMessage();
        }
    }
}
