package org.pushjobs.protocol.signing;

/** How a header frame's signature was made (wire-protocol.md, "Header frame"). */
public enum SigningMethod {
    HMAC_SHA256("hmac_sha256"),
    RSA2048_SHA1("rsa2048_sha1");

    private final String wireName;

    SigningMethod(String wireName) {
        this.wireName = wireName;
    }

    /** The value of {@code SigningMethod} on the wire. */
    public String wireName() {
        return wireName;
    }
}
