package org.pushjobs.protocol.request;

import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.interfaces.RSAPrivateKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.pushjobs.protocol.keys.RawRsa;

/** Signs HTTP requests for a Chef or push jobs server (request-signing.md). Immutable, usable from any thread. */
public final class RequestSigner {
    private static final int LINE_LENGTH = 60;

    private final String userId;
    private final RSAPrivateKey key;
    private final SigningVersion version;

    public RequestSigner(String userId, RSAPrivateKey key, SigningVersion version) {
        this.userId = Objects.requireNonNull(userId, "userId");
        this.key = Objects.requireNonNull(key, "key");
        this.version = Objects.requireNonNull(version, "version");
    }

    /**
     * @param method any case
     * @param path percent-encoded, as it will be sent; a query is not covered by the signature
     * @param body the exact bytes to be sent, empty for none
     * @param serverApiVersion the value of {@code X-Ops-Server-API-Version} that the request will carry, "0" for none
     * @return the headers to add, in order
     * @throws IllegalArgumentException in version 1.0, when the user id is so long that the key cannot sign the text
     */
    public Map<String, String> sign(String method, String path, byte[] body, Instant now, String serverApiVersion) {
        return signVerbatim(method, CanonicalRequest.withoutQuery(path), body, now, serverApiVersion);
    }

    /** Signs a path as it is; Ruby's library does so and leaves it to its callers to cut off the query. */
    Map<String, String> signVerbatim(String method, String path, byte[] body, Instant now, String serverApiVersion) {
        String timestamp = now.truncatedTo(ChronoUnit.SECONDS).toString();
        String contentHash = CanonicalRequest.hash(version, body);
        byte[] text = CanonicalRequest.utf8(
                CanonicalRequest.text(version, method, path, contentHash, timestamp, userId, serverApiVersion));

        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("X-Ops-Sign", "algorithm=" + version.algorithm() + ";version=" + version.number() + ";");
        headers.put("X-Ops-Userid", userId);
        headers.put("X-Ops-Timestamp", timestamp);
        headers.put("X-Ops-Content-Hash", contentHash);
        String signature = Base64.getEncoder().encodeToString(signature(text));
        for (int start = 0, line = 1; start < signature.length(); start += LINE_LENGTH, line++) {
            headers.put(
                    "X-Ops-Authorization-" + line,
                    signature.substring(start, Math.min(start + LINE_LENGTH, signature.length())));
        }
        return headers;
    }

    private byte[] signature(byte[] text) {
        return switch (version) {
            case V1_0, V1_1 -> RawRsa.sign(text, key);
            case V1_2 -> signature("SHA1withRSA", text);
            case V1_3 -> signature("SHA256withRSA", text);
        };
    }

    private byte[] signature(String algorithm, byte[] text) {
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(text);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("signing with " + algorithm + " failed", e);
        }
    }
}
