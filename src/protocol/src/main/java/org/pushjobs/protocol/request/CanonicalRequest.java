package org.pushjobs.protocol.request;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Pattern;

/** The text that a request's signature covers, and its parts (request-signing.md, the table of versions). */
final class CanonicalRequest {
    private static final Pattern SLASHES = Pattern.compile("/+");

    private CanonicalRequest() {}

    /**
     * @param path as the client asked for it, still percent-encoded; see {@link #withoutQuery}
     * @param timestamp as in the header, UTC
     * @param serverApiVersion as in {@code X-Ops-Server-API-Version}, "0" when absent
     */
    static String text(
            SigningVersion version,
            String method,
            String path,
            String contentHash,
            String timestamp,
            String userId,
            String serverApiVersion) {
        String upperMethod = method.toUpperCase(Locale.ROOT);
        String canonicalPath = canonicalPath(path);
        return switch (version) {
            case V1_0 -> sha1Text(version, upperMethod, canonicalPath, contentHash, timestamp, userId);
            case V1_1, V1_2 ->
                sha1Text(version, upperMethod, canonicalPath, contentHash, timestamp, hash(version, utf8(userId)));
            case V1_3 ->
                "Method:" + upperMethod + "\nPath:" + canonicalPath + "\nX-Ops-Content-Hash:" + contentHash
                        + "\nX-Ops-Sign:version=1.3\nX-Ops-Timestamp:" + timestamp + "\nX-Ops-UserId:" + userId
                        + "\nX-Ops-Server-API-Version:" + serverApiVersion;
        };
    }

    private static String sha1Text(
            SigningVersion version, String method, String path, String contentHash, String timestamp, String user) {
        return "Method:" + method + "\nHashed Path:" + hash(version, utf8(path)) + "\nX-Ops-Content-Hash:" + contentHash
                + "\nX-Ops-Timestamp:" + timestamp + "\nX-Ops-UserId:" + user;
    }

    /** The part of a request target that a signature covers. */
    static String withoutQuery(String pathAndQuery) {
        int query = pathAndQuery.indexOf('?');
        return query < 0 ? pathAndQuery : pathAndQuery.substring(0, query);
    }

    private static String canonicalPath(String path) {
        String collapsed = SLASHES.matcher(path).replaceAll("/");
        return collapsed.length() > 1 && collapsed.endsWith("/")
                ? collapsed.substring(0, collapsed.length() - 1)
                : collapsed;
    }

    /** base64 of the version's digest. */
    static String hash(SigningVersion version, byte[] data) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance(version.digest()).digest(data));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime lacks " + version.digest(), e);
        }
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
