package org.pushjobs.protocol.signing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import org.pushjobs.protocol.codec.RejectedMessageException;
import org.pushjobs.protocol.codec.RejectionReason;

/**
 * The header frame of a message: {@code Version:2.0;SigningMethod:hmac_sha256;Signature:<base64>} (wire-protocol.md,
 * "Header frame"). Unknown parts are ignored.
 *
 * @param method how the signature was made
 * @param signature its raw bytes
 */
public record MessageHeader(SigningMethod method, byte[] signature) {
    private static final String EMITTED_VERSION = "2.0";
    private static final byte[] USUAL_START =
            "Version:2.0;SigningMethod:hmac_sha256;Signature:".getBytes(StandardCharsets.US_ASCII);
    private static final int USUAL_LENGTH = USUAL_START.length + 44;

    public MessageHeader {
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(signature, "signature");
    }

    /** @throws RejectedMessageException {@code BAD_HEADER} */
    public static MessageHeader parse(byte[] frame, HeaderRules rules) throws RejectedMessageException {
        if (frame.length == USUAL_LENGTH && Arrays.mismatch(frame, USUAL_START) == USUAL_START.length) {
            try {
                byte[] base64 = Arrays.copyOfRange(frame, USUAL_START.length, frame.length);
                return new MessageHeader(
                        SigningMethod.HMAC_SHA256, Base64.getDecoder().decode(base64));
            } catch (IllegalArgumentException e) {
                // not the usual one after all
                return parseParts(frame, rules);
            }
        }
        return parseParts(frame, rules);
    }

    private static MessageHeader parseParts(byte[] frame, HeaderRules rules) throws RejectedMessageException {
        String version = null;
        String method = null;
        String signature = null;
        for (String part : new String(frame, StandardCharsets.ISO_8859_1).split(";")) {
            int colon = part.indexOf(':');
            if (colon < 0) {
                continue;
            }
            String value = part.substring(colon + 1);
            switch (part.substring(0, colon)) {
                case "Version" -> version = value;
                case "SigningMethod" -> method = value;
                case "Signature" -> signature = value;
                case "SignedChecksum" -> {
                    if (rules == HeaderRules.SERVER) {
                        signature = value;
                    }
                }
                default -> {
                    // parts that a later version may add
                }
            }
        }
        SigningMethod signingMethod = methodOf(method);
        if (rules == HeaderRules.SERVER) {
            checkVersion(version, signingMethod);
        }
        if (signature == null) {
            throw bad("Signature is missing");
        }
        return new MessageHeader(signingMethod, decodeLeniently(signature));
    }

    private static SigningMethod methodOf(String name) throws RejectedMessageException {
        for (SigningMethod method : SigningMethod.values()) {
            if (method.wireName().equals(name)) {
                return method;
            }
        }
        throw bad(name == null ? "SigningMethod is missing" : "SigningMethod is neither hmac_sha256 nor rsa2048_sha1");
    }

    private static void checkVersion(String version, SigningMethod method) throws RejectedMessageException {
        if (version == null) {
            throw bad("Version is missing");
        }
        switch (version) {
            case "2.0" -> {}
            case "1.0" -> {
                if (method == SigningMethod.HMAC_SHA256) {
                    throw bad("hmac_sha256 needs Version 2.0");
                }
            }
            default -> throw bad("Version is neither 1.0 nor 2.0");
        }
    }

    /** Ruby breaks long signatures into lines and may leave out the padding; what is no base64 is skipped, as Ruby does. */
    private static byte[] decodeLeniently(String base64) throws RejectedMessageException {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw bad("Signature is not base64");
        }
    }

    private static RejectedMessageException bad(String detail) {
        return new RejectedMessageException(RejectionReason.BAD_HEADER, detail);
    }

    /** The frame, with the signature on one line. */
    public byte[] encode() {
        String text = "Version:" + EMITTED_VERSION + ";SigningMethod:" + method.wireName() + ";Signature:"
                + Base64.getEncoder().encodeToString(signature);
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The header of a body signed with a session key. */
    public static MessageHeader hmac(byte[] body, SessionKey key) {
        return new MessageHeader(SigningMethod.HMAC_SHA256, HmacSignature.sign(body, key));
    }
}
