package org.pushjobs.protocol.request;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.RSAPublicKey;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.pushjobs.protocol.keys.RawRsa;
import org.pushjobs.protocol.request.RequestAuthenticationException.Failure;

/**
 * The authentication headers of a received request, checked for form and time; the signature itself is checked by
 * {@link #verify} once the keys are known. Immutable, usable from any thread.
 *
 * @param userId who claims to have signed
 * @param version how
 */
public record SignedRequest(
        String userId,
        SigningVersion version,
        String timestamp,
        String contentHash,
        String serverApiVersion,
        String signature) {
    /** How far a request's timestamp may be from now. */
    public static final Duration MAX_SKEW = Duration.ofSeconds(900);

    private static final List<String> REQUIRED_HEADERS =
            List.of("X-Ops-UserId", "X-Ops-Timestamp", "X-Ops-Sign", "X-Ops-Content-Hash");

    public SignedRequest {
        Objects.requireNonNull(userId, "userId");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(timestamp, "timestamp");
        Objects.requireNonNull(contentHash, "contentHash");
        Objects.requireNonNull(serverApiVersion, "serverApiVersion");
        Objects.requireNonNull(signature, "signature");
    }

    /**
     * Checks 1 to 3 of request-signing.md.
     *
     * @param headers finds a header by its name, whatever the case of the name
     * @throws RequestAuthenticationException its message is the one to answer with
     */
    public static SignedRequest parse(Function<String, Optional<String>> headers, Instant now)
            throws RequestAuthenticationException {
        Function<String, Optional<String>> present = name -> headers.apply(name).filter(value -> !value.isEmpty());
        List<String> missing = REQUIRED_HEADERS.stream()
                .filter(name -> present.apply(name).isEmpty())
                .map(name -> "'" + name + "'")
                .toList();
        if (!missing.isEmpty()) {
            throw new RequestAuthenticationException(
                    Failure.MISSING_HEADERS, "missing required authentication header(s) " + String.join(", ", missing));
        }
        String userId = present.apply("X-Ops-UserId").orElseThrow();
        String timestamp = present.apply("X-Ops-Timestamp").orElseThrow();
        checkTimestamp(timestamp, userId, now);
        SigningVersion version = SigningVersion.ofSignHeader(
                        present.apply("X-Ops-Sign").orElseThrow())
                .orElseThrow(() -> new RequestAuthenticationException(
                        Failure.UNSUPPORTED_VERSION, "Unsupported authentication protocol version"));
        return new SignedRequest(
                userId,
                version,
                timestamp,
                present.apply("X-Ops-Content-Hash").orElseThrow(),
                present.apply("X-Ops-Server-API-Version").orElse("0"),
                signatureLines(present));
    }

    private static void checkTimestamp(String timestamp, String userId, Instant now)
            throws RequestAuthenticationException {
        Instant signedAt;
        try {
            signedAt = OffsetDateTime.parse(timestamp).toInstant();
        } catch (DateTimeException e) {
            throw new RequestAuthenticationException(Failure.BAD_TIMESTAMP, "bad header(s) 'X-Ops-Timestamp'");
        }
        if (Duration.between(signedAt, now).abs().compareTo(MAX_SKEW) > 0) {
            throw new RequestAuthenticationException(
                    Failure.CLOCK_SKEW,
                    "Failed to authenticate as " + userId + ". Synchronize the clock on your host.");
        }
    }

    private static String signatureLines(Function<String, Optional<String>> headers) {
        List<String> lines = new ArrayList<>();
        Optional<String> line = headers.apply("X-Ops-Authorization-1");
        while (line.isPresent()) {
            lines.add(line.get());
            line = headers.apply("X-Ops-Authorization-" + (lines.size() + 1));
        }
        return String.join("", lines);
    }

    /**
     * Whether this key signed a request with these parts.
     *
     * @param path the one the client asked for, still percent-encoded; a query is not covered by the signature
     * @param body the exact bytes received, empty for none
     */
    public boolean verify(String method, String path, byte[] body, RSAPublicKey key) {
        String actualHash = CanonicalRequest.hash(version, body);
        if (!MessageDigest.isEqual(CanonicalRequest.utf8(actualHash), CanonicalRequest.utf8(contentHash))) {
            return false;
        }
        byte[] block;
        try {
            block = Base64.getDecoder().decode(signature);
        } catch (IllegalArgumentException e) {
            return false;
        }
        byte[] text = CanonicalRequest.utf8(CanonicalRequest.text(
                version,
                method,
                CanonicalRequest.withoutQuery(path),
                contentHash,
                timestamp,
                userId,
                serverApiVersion));
        return switch (version) {
            case V1_0, V1_1 ->
                RawRsa.open(block, key)
                        .filter(signed -> MessageDigest.isEqual(signed, text))
                        .isPresent();
            case V1_2 -> verify("SHA1withRSA", block, text, key);
            case V1_3 -> verify("SHA256withRSA", block, text, key);
        };
    }

    private static boolean verify(String algorithm, byte[] block, byte[] text, RSAPublicKey key) {
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initVerify(key);
            signature.update(text);
            return signature.verify(block);
        } catch (SignatureException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("verifying with " + algorithm + " failed", e);
        }
    }
}
