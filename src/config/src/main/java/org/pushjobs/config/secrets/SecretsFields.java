package org.pushjobs.config.secrets;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.pushjobs.protocol.keys.InvalidKeyTextException;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.keys.SessionKeys;
import org.pushjobs.protocol.keys.Z85;
import org.pushjobs.protocol.signing.RsaBodySignature;

/** The fields of a secrets file and what they must hold. Errors name the file and the field, never its content. */
final class SecretsFields {
    static final String CURVE_PUBLIC_KEY = "curve_public_key";
    static final String CURVE_SECRET_KEY = "curve_secret_key";
    static final String HEARTBEAT_PRIVATE_KEY = "heartbeat_private_key";
    static final String HEARTBEAT_PUBLIC_KEY = "heartbeat_public_key";
    static final String MASTER_SECRET = "master_secret";
    static final List<String> NAMES =
            List.of(CURVE_PUBLIC_KEY, CURVE_SECRET_KEY, HEARTBEAT_PRIVATE_KEY, HEARTBEAT_PUBLIC_KEY, MASTER_SECRET);

    private static final int MIN_RSA_BITS = 2048;
    private static final byte[] PROBE = "do these keys belong together?".getBytes(StandardCharsets.US_ASCII);

    private static final String ADVICE = "copy the whole file again from a server of the cluster";

    private final Path file;
    private final Map<String, String> fields;
    private final List<String> errors;

    /** @param errors takes what is wrong */
    SecretsFields(Path file, Map<String, String> fields, List<String> errors) {
        this.file = file;
        this.fields = fields;
        this.errors = errors;
    }

    /** Empty when a field is missing or wrong. */
    Optional<Secrets> parse() {
        int errorsBefore = errors.size();
        Optional<byte[]> curvePublic = read(CURVE_PUBLIC_KEY, SecretsFields::curveKey);
        Optional<byte[]> curveSecret = read(CURVE_SECRET_KEY, SecretsFields::curveKey);
        Optional<RSAPrivateKey> heartbeatPrivate = read(HEARTBEAT_PRIVATE_KEY, PemKeys::privateKey);
        Optional<RSAPublicKey> heartbeatPublic = read(HEARTBEAT_PUBLIC_KEY, SecretsFields::heartbeatPublicKey);
        Optional<byte[]> master = read(MASTER_SECRET, SecretsFields::masterSecret);
        if (errors.size() > errorsBefore) {
            return Optional.empty();
        }
        CurveKeyPair curve = CurveKeyPair.ofSecret(curveSecret.orElseThrow());
        if (!curve.publicKey().equals(Z85.encode(curvePublic.orElseThrow()))) {
            errors.add(file + ": " + CURVE_PUBLIC_KEY + " does not belong to " + CURVE_SECRET_KEY + "; " + ADVICE);
        }
        if (!belongTogether(heartbeatPrivate.orElseThrow(), heartbeatPublic.orElseThrow())) {
            errors.add(file + ": " + HEARTBEAT_PUBLIC_KEY + " does not belong to " + HEARTBEAT_PRIVATE_KEY + "; "
                    + ADVICE);
        }
        if (errors.size() > errorsBefore) {
            return Optional.empty();
        }
        return Optional.of(new Secrets(
                curve.publicKey(),
                curve.secretKey(),
                heartbeatPrivate.get(),
                heartbeatPublic.get(),
                new SessionKeys(master.orElseThrow()),
                new ClusterKeys(master.get()),
                fingerprint(
                        curvePublic.get(),
                        curveSecret.get(),
                        heartbeatPrivate.get().getEncoded(),
                        heartbeatPublic.get().getEncoded(),
                        master.get())));
    }

    /** @param parse throws IllegalArgumentException or InvalidKeyTextException with a message that is safe to show */
    private <T> Optional<T> read(String name, Function<String, T> parse) {
        String text = fields.get(name);
        if (text == null) {
            errors.add(file + ": " + name + " is missing or no string; " + ADVICE);
            return Optional.empty();
        }
        try {
            return Optional.of(parse.apply(text));
        } catch (IllegalArgumentException | InvalidKeyTextException e) {
            errors.add(file + ": " + name + " is wrong: " + e.getMessage() + "; " + ADVICE);
            return Optional.empty();
        }
    }

    private static byte[] curveKey(String text) {
        byte[] key = Z85.decode(text);
        if (key.length != CurveKeyPair.KEY_BYTES) {
            throw new IllegalArgumentException("a CURVE key has 40 characters of Z85, this has " + text.length());
        }
        return key;
    }

    private static RSAPublicKey heartbeatPublicKey(String text) {
        RSAPublicKey key = PemKeys.publicKey(text);
        int bits = key.getModulus().bitLength();
        if (bits < MIN_RSA_BITS) {
            throw new InvalidKeyTextException(
                    "an RSA key of " + MIN_RSA_BITS + " bits or more is wanted, this has " + bits);
        }
        return key;
    }

    private static byte[] masterSecret(String text) {
        byte[] secret;
        try {
            secret = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            // The decoder's own message quotes the text.
            throw new InvalidKeyTextException("it is not base64 on one line");
        }
        if (secret.length < SessionKeys.MIN_MASTER_SECRET_BYTES) {
            throw new InvalidKeyTextException("it has " + secret.length + " bytes, at least "
                    + SessionKeys.MIN_MASTER_SECRET_BYTES + " are wanted");
        }
        return secret;
    }

    private static boolean belongTogether(RSAPrivateKey privateKey, RSAPublicKey publicKey) {
        try {
            return privateKey.getModulus().equals(publicKey.getModulus())
                    && RsaBodySignature.verify(RsaBodySignature.sign(PROBE, privateKey), PROBE, publicKey);
        } catch (IllegalStateException e) {
            return false; // the private key's numbers do not fit each other
        }
    }

    private static String fingerprint(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, part.length));
                digest.update(part);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime lacks SHA-256", e);
        }
    }
}
