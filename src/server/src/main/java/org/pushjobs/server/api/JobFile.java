package org.pushjobs.server.api;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Checks a job's file: {@code raw:TEXT} or {@code base64:DATA}, in which white space is allowed (rest-api.md). */
final class JobFile {
    /** Largest file, decoded. */
    static final int MAX_BYTES = 100_000;

    private static final String RAW = "raw:";
    private static final String BASE64 = "base64:";

    private JobFile() {}

    /** @throws IllegalArgumentException its message is the one to answer with */
    static void check(String file) {
        if (decodedLength(file) > MAX_BYTES) {
            throw new IllegalArgumentException("invalid file size (must be <= " + MAX_BYTES + " bytes)");
        }
        if (!Names.isStorable(file)) {
            throw new IllegalArgumentException(
                    "invalid file contents (text with NUL or broken characters must be sent as 'base64:...')");
        }
    }

    /**
     * Bytes of the file's content.
     *
     * @throws IllegalArgumentException as {@link #check}
     */
    static int decodedLength(String file) {
        if (file.startsWith(RAW)) {
            return file.substring(RAW.length()).getBytes(StandardCharsets.UTF_8).length;
        }
        if (file.startsWith(BASE64)) {
            return base64Length(file.substring(BASE64.length()).replaceAll("[ \t\r\n]", ""));
        }
        throw new IllegalArgumentException("invalid file contents (expected 'base64:...' or 'raw:...')");
    }

    private static int base64Length(String data) {
        try {
            if (data.length() % 4 == 0) {
                return Base64.getDecoder().decode(data).length;
            }
            throw new IllegalArgumentException("padding is missing");
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("invalid file contents (couldn't decode base64 string)", e);
        }
    }
}
