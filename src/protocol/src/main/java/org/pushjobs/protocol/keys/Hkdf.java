package org.pushjobs.protocol.keys;

import java.nio.charset.StandardCharsets;
import java.security.InvalidAlgorithmParameterException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Keys derived from a secret: HKDF-SHA256 (RFC 5869) without salt. */
public final class Hkdf {
    private Hkdf() {}

    /** @param info tells what the key is for; another one gives another key */
    public static byte[] derive(byte[] secret, String info, int lengthBytes) {
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveData(HKDFParameterSpec.ofExtract()
                            .addIKM(new SecretKeySpec(secret, "Generic"))
                            .thenExpand(info.getBytes(StandardCharsets.UTF_8), lengthBytes));
        } catch (NoSuchAlgorithmException | InvalidAlgorithmParameterException e) {
            throw new IllegalStateException("this Java runtime lacks HKDF-SHA256", e);
        }
    }
}
