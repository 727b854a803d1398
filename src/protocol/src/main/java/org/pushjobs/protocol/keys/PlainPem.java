package org.pushjobs.protocol.keys;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.EncodedKeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the usual forms of RSA keys with what Java has. BouncyCastle, which reads the rest, costs a small program like the
 * agent 6 MB. Empty for everything that is not plainly one of those forms.
 */
final class PlainPem {
    private static final Pattern BLOCK = Pattern.compile(
            "\\s*-----BEGIN ((?:RSA )?(?:PRIVATE|PUBLIC) KEY)-----\\s+([A-Za-z0-9+/=\\s]+)-----END \\1-----\\s*");

    /** {@code AlgorithmIdentifier} of RSA keys: rsaEncryption, NULL. */
    private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");

    private static final byte[] VERSION_0 = {2, 1, 0};
    private static final byte SEQUENCE = 0x30;
    private static final byte OCTET_STRING = 4;
    private static final byte BIT_STRING = 3;

    private PlainPem() {}

    static Optional<RSAPrivateKey> privateKey(String pem) {
        return block(pem, "PRIVATE KEY")
                .map(PKCS8EncodedKeySpec::new)
                .or(() -> block(pem, "RSA PRIVATE KEY")
                        .map(pkcs1 -> new PKCS8EncodedKeySpec(der(SEQUENCE, VERSION_0, RSA, der(OCTET_STRING, pkcs1)))))
                .flatMap(spec -> key(spec, PlainPem::generatePrivate))
                .filter(RSAPrivateKey.class::isInstance)
                .map(RSAPrivateKey.class::cast);
    }

    static Optional<RSAPublicKey> publicKey(String pem) {
        return block(pem, "PUBLIC KEY")
                .map(X509EncodedKeySpec::new)
                .or(() -> block(pem, "RSA PUBLIC KEY")
                        .map(pkcs1 ->
                                new X509EncodedKeySpec(der(SEQUENCE, RSA, der(BIT_STRING, new byte[] {0}, pkcs1)))))
                .flatMap(spec -> key(spec, PlainPem::generatePublic))
                .filter(RSAPublicKey.class::isInstance)
                .map(RSAPublicKey.class::cast);
    }

    private interface Generator<K> {
        K generate(KeyFactory factory, EncodedKeySpec spec) throws GeneralSecurityException;
    }

    private static PrivateKey generatePrivate(KeyFactory factory, EncodedKeySpec spec) throws GeneralSecurityException {
        return factory.generatePrivate(spec);
    }

    private static PublicKey generatePublic(KeyFactory factory, EncodedKeySpec spec) throws GeneralSecurityException {
        return factory.generatePublic(spec);
    }

    private static <K> Optional<K> key(EncodedKeySpec spec, Generator<K> generator) {
        try {
            return Optional.of(generator.generate(KeyFactory.getInstance("RSA"), spec));
        } catch (GeneralSecurityException e) {
            return Optional.empty(); // BouncyCastle says what is wrong with it
        }
    }

    private static Optional<byte[]> block(String pem, String label) {
        Matcher matcher = BLOCK.matcher(pem);
        if (!matcher.matches() || !matcher.group(1).equals(label)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Base64.getMimeDecoder().decode(matcher.group(2)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static byte[] der(byte tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        encoded.write(tag);
        int length = content.size();
        if (length < 0x80) {
            encoded.write(length);
        } else if (length < 0x100) {
            encoded.write(0x81);
            encoded.write(length);
        } else if (length < 0x10000) {
            encoded.write(0x82);
            encoded.write(length >> 8);
            encoded.write(length);
        } else {
            encoded.write(0x83);
            encoded.write(length >> 16);
            encoded.write(length >> 8);
            encoded.write(length);
        }
        encoded.writeBytes(content.toByteArray());
        return encoded.toByteArray();
    }
}
