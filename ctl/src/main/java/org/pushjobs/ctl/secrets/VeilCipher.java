package org.pushjobs.ctl.secrets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * How version 2 of the Chef server's files is encrypted: AES-256 in CBC mode, key and first block in the file itself. It
 * keeps secrets from eyes, not from programs.
 */
final class VeilCipher {
    private static final String TYPE = "Veil::Cipher::V2";
    private static final int KEY_BYTES = 32;
    private static final int BLOCK_BYTES = 16;

    private final byte[] key;
    private final byte[] iv;

    private VeilCipher(byte[] key, byte[] iv) {
        if (key.length != KEY_BYTES || iv.length != BLOCK_BYTES) {
            throw new IllegalArgumentException("the key or the first block has the wrong length");
        }
        this.key = key;
        this.iv = iv;
    }

    /** @throws IllegalArgumentException when it is another cipher, or no base64 */
    static VeilCipher of(JsonNode cipher) {
        if (!cipher.path("type").asText().equals(TYPE)) {
            throw new IllegalArgumentException("the cipher is not " + TYPE);
        }
        Base64.Decoder base64 = Base64.getDecoder();
        return new VeilCipher(
                base64.decode(cipher.path("key").asText()),
                base64.decode(cipher.path("iv").asText()));
    }

    static VeilCipher create() {
        SecureRandom random = new SecureRandom();
        byte[] key = new byte[KEY_BYTES];
        byte[] iv = new byte[BLOCK_BYTES];
        random.nextBytes(key);
        random.nextBytes(iv);
        return new VeilCipher(key, iv);
    }

    ObjectNode toJson(ObjectMapper json) {
        Base64.Encoder base64 = Base64.getEncoder();
        return json.createObjectNode()
                .put("type", TYPE)
                .put("key", base64.encodeToString(key))
                .put("iv", base64.encodeToString(iv));
    }

    String encrypt(byte[] plain) {
        return Base64.getEncoder().encodeToString(run(Cipher.ENCRYPT_MODE, plain));
    }

    /** @throws IllegalArgumentException when it was not encrypted with this key */
    byte[] decrypt(String text) {
        return run(Cipher.DECRYPT_MODE, Base64.getDecoder().decode(text));
    }

    private byte[] run(int mode, byte[] data) {
        try {
            Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
            cipher.init(mode, new SecretKeySpec(key, "AES"), new IvParameterSpec(iv));
            return cipher.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the data does not belong to the key", e);
        }
    }
}
