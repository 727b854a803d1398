package org.pushjobs.protocol.signing;

/** Which side reads a header: they differ in what they let pass, and both must stay as the Ruby and Erlang ones were. */
public enum HeaderRules {
    /** Version must be 1.0 or 2.0, hmac_sha256 needs 2.0, {@code SignedChecksum} is an old name of {@code Signature}. */
    SERVER,
    /** The version is not looked at, and only {@code Signature} is read. */
    AGENT
}
