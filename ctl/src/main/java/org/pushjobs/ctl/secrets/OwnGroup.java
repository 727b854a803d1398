package org.pushjobs.ctl.secrets;

import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.secrets.VeilFile.Rotation;
import org.pushjobs.protocol.keys.InvalidKeyTextException;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.keys.SessionKeys;
import org.pushjobs.protocol.keys.Z85;

/** The push jobs' own group in a file of secrets: what is in it, how it is made, and whether it can be used. */
final class OwnGroup {
    static final String GROUP = "push-jobs-server";
    static final String PRIVATE_KEY = "pushy_priv_key";
    static final String PUBLIC_KEY = "pushy_pub_key";
    static final String SQL_PASSWORD = "sql_password";
    static final String SQL_RO_PASSWORD = "sql_ro_password";
    static final String CURVE_PUBLIC_KEY = "curve_public_key";
    static final String CURVE_SECRET_KEY = "curve_secret_key";
    static final String MASTER_SECRET = "master_secret";
    static final List<String> NAMES = List.of(
            PRIVATE_KEY, PUBLIC_KEY, CURVE_PUBLIC_KEY, CURVE_SECRET_KEY, MASTER_SECRET, SQL_PASSWORD, SQL_RO_PASSWORD);
    /** Those that agents know, or that are derived from. */
    static final List<String> KEYS =
            List.of(PRIVATE_KEY, PUBLIC_KEY, CURVE_PUBLIC_KEY, CURVE_SECRET_KEY, MASTER_SECRET);

    private static final List<List<String>> PAIRS =
            List.of(List.of(PRIVATE_KEY, PUBLIC_KEY), List.of(CURVE_SECRET_KEY, CURVE_PUBLIC_KEY));

    private static final int PASSWORD_BYTES = 25;
    private static final int CURVE_BYTES = 32;

    private final VeilFile file;
    private final SecureRandom random = new SecureRandom();

    OwnGroup(VeilFile file) {
        this.file = file;
    }

    /** The names of what is not there. */
    List<String> missing() {
        return NAMES.stream().filter(name -> file.get(GROUP, name).isEmpty()).toList();
    }

    /** What is there. */
    String value(String name) {
        return file.get(GROUP, name).orElseThrow();
    }

    /** Whether the Chef server may replace it. */
    static Rotation rotation(String name) {
        return name.equals(SQL_PASSWORD) || name.equals(SQL_RO_PASSWORD) ? Rotation.ALLOWED : Rotation.NEVER;
    }

    /** @throws CtlException when half a pair is there */
    void make(List<String> missing) throws CtlException {
        for (List<String> pair : PAIRS) {
            if (pair.stream().filter(missing::contains).count() == 1) {
                throw new CtlException(file.file() + " has only one of " + String.join(" and ", pair) + " in its group "
                        + GROUP + "; restore the other from a back-up, or remove both to have a new pair");
            }
        }
        if (missing.contains(PRIVATE_KEY)) {
            KeyPair keys = PemKeys.generate();
            put(PRIVATE_KEY, PemKeys.toPem((RSAPrivateKey) keys.getPrivate()));
            put(PUBLIC_KEY, PemKeys.toPem((RSAPublicKey) keys.getPublic()));
        }
        if (missing.contains(CURVE_SECRET_KEY)) {
            byte[] secret = new byte[CURVE_BYTES];
            X25519.generatePrivateKey(random, secret);
            put(CURVE_SECRET_KEY, Z85.encode(secret));
            put(CURVE_PUBLIC_KEY, curvePublicKey(secret));
        }
        if (missing.contains(MASTER_SECRET)) {
            byte[] master = randomBytes(SessionKeys.MIN_MASTER_SECRET_BYTES);
            put(MASTER_SECRET, Base64.getEncoder().encodeToString(master));
        }
        for (String password : List.of(SQL_PASSWORD, SQL_RO_PASSWORD)) {
            if (missing.contains(password)) {
                put(password, HexFormat.of().formatHex(randomBytes(PASSWORD_BYTES)));
            }
        }
    }

    private void put(String name, String value) {
        file.put(GROUP, name, value, rotation(name));
    }

    private byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String curvePublicKey(byte[] secret) {
        byte[] publicKey = new byte[CURVE_BYTES];
        X25519.generatePublicKey(secret, 0, publicKey, 0);
        return Z85.encode(publicKey);
    }

    /** @throws CtlException when keys do not belong together, or are none */
    void check() throws CtlException {
        try {
            RSAPrivateKey privateKey = PemKeys.privateKey(value(PRIVATE_KEY));
            RSAPublicKey publicKey = PemKeys.publicKey(value(PUBLIC_KEY));
            if (!privateKey.getModulus().equals(publicKey.getModulus())) {
                throw new InvalidKeyTextException("they do not belong together");
            }
        } catch (InvalidKeyTextException e) {
            throw wrong(PAIRS.getFirst(), e.getMessage());
        }
        try {
            byte[] secret = Z85.decode(value(CURVE_SECRET_KEY));
            if (secret.length != CURVE_BYTES || !curvePublicKey(secret).equals(value(CURVE_PUBLIC_KEY))) {
                throw new IllegalArgumentException("they do not belong together");
            }
        } catch (IllegalArgumentException e) {
            throw wrong(PAIRS.getLast(), e.getMessage());
        }
    }

    private CtlException wrong(List<String> pair, String why) {
        return new CtlException(file.file() + ": " + String.join(" and ", pair) + " in its group " + GROUP
                + " cannot be used: " + why + "; restore them from a back-up");
    }
}
