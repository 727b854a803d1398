package org.pushjobs.protocol.signing;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.Optional;
import org.pushjobs.protocol.keys.RawRsa;

/**
 * {@code rsa2048_sha1}: PKCS#1 v1.5 type 1 padding of the text base64(SHA-1(body)), with no DigestInfo (wire-protocol.md,
 * "Header frame"). Usable from any thread.
 */
public final class RsaBodySignature {
    private RsaBodySignature() {}

    public static byte[] sign(byte[] body, RSAPrivateKey key) {
        return RawRsa.sign(checksum(body), key);
    }

    /** The header of a body signed with a server's key. */
    public static MessageHeader header(byte[] body, RSAPrivateKey key) {
        return new MessageHeader(SigningMethod.RSA2048_SHA1, sign(body, key));
    }

    public static boolean verify(byte[] signature, byte[] body, RSAPublicKey key) {
        Optional<byte[]> signed = RawRsa.open(signature, key);
        return signed.isPresent() && MessageDigest.isEqual(signed.get(), checksum(body));
    }

    private static byte[] checksum(byte[] body) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(body);
            return Base64.getEncoder().encodeToString(digest).getBytes(StandardCharsets.US_ASCII);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime lacks SHA-1", e);
        }
    }
}
