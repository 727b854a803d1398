package org.pushjobs.ctl.database;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** What PostgreSQL keeps of a password (its documentation of pg_authid): MD5 or SCRAM-SHA-256. */
final class StoredPassword {
    private static final Pattern SCRAM =
            Pattern.compile("SCRAM-SHA-256\\$(?<rounds>[0-9]+):(?<salt>[^$]+)\\$(?<stored>[^:]+):(?<server>.+)");
    private static final int HASH_BITS = 256;

    private StoredPassword() {}

    /** @param password in ASCII, as all that we make are */
    static boolean matches(String kept, String user, String password) {
        try {
            Matcher scram = SCRAM.matcher(kept);
            if (!scram.matches()) {
                byte[] hash =
                        MessageDigest.getInstance("MD5").digest((password + user).getBytes(StandardCharsets.UTF_8));
                return kept.equals("md5" + HexFormat.of().formatHex(hash));
            }
            byte[] salted = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(
                            password.toCharArray(),
                            Base64.getDecoder().decode(scram.group("salt")),
                            Integer.parseInt(scram.group("rounds")),
                            HASH_BITS))
                    .getEncoded();
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(salted, "HmacSHA256"));
            byte[] clientKey = mac.doFinal("Client Key".getBytes(StandardCharsets.US_ASCII));
            byte[] stored = MessageDigest.getInstance("SHA-256").digest(clientKey);
            return MessageDigest.isEqual(stored, Base64.getDecoder().decode(scram.group("stored")));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime lacks what PostgreSQL's passwords need", e);
        }
    }
}
